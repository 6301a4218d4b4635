import { describe, expect, it } from 'vitest';
import { cookieNames } from './cookie-names.ts';
import { clientOrigins, toClientMetadata } from './clients.ts';
import { demandsFactor } from './policy.ts';

describe('what a request demands', () => {
  it('is a factor only when nothing less is named', () => {
    expect(demandsFactor({ acr_values: 'urn:cordon:acr:mfa' })).toBe(true);
    expect(demandsFactor({ acr_values: 'urn:cordon:acr:mfa urn:cordon:acr:password' })).toBe(false);
    expect(demandsFactor({ acr_values: '' })).toBe(false);
    expect(demandsFactor({})).toBe(false);
    expect(demandsFactor(undefined)).toBe(false);
  });
});

describe('cookie names', () => {
  it('carry the port, and over TLS the prefixes that keep others from planting them', () => {
    expect(cookieNames('http://localhost:7403')).toEqual({
      session: 'cordon_identity_7403_session',
      interaction: 'cordon_identity_7403_interaction',
      resume: 'cordon_identity_7403_resume',
    });
    expect(cookieNames('https://id.example')).toEqual({
      session: '__Host-cordon_identity_session',
      interaction: '__Secure-cordon_identity_interaction',
      resume: '__Secure-cordon_identity_resume',
    });
  });
});

describe('a client', () => {
  const web = {
    client_id: 'console',
    client_secret: 'x'.repeat(40),
    redirect_uris: ['https://console.example/auth/callback'],
    post_logout_redirect_uris: ['https://console.example/'],
    application_type: 'web',
    token_endpoint_auth_method: 'client_secret_basic',
  } as const;
  const native = {
    client_id: 'cordon-cli',
    redirect_uris: ['http://127.0.0.1/callback'],
    post_logout_redirect_uris: [],
    application_type: 'native',
    token_endpoint_auth_method: 'none',
  } as const;

  it('must push its requests when it can prove itself', () => {
    const form = (client: typeof web | typeof native) =>
      toClientMetadata({
        ...client,
        redirect_uris: [...client.redirect_uris],
        post_logout_redirect_uris: [...client.post_logout_redirect_uris],
      });
    expect(form(web)).toMatchObject({
      require_pushed_authorization_requests: true,
      response_types: ['code'],
      response_modes: ['query'],
    });
    expect(form(native)).toMatchObject({ require_pushed_authorization_requests: false });
    expect(form(native)).not.toHaveProperty('client_secret');
  });

  it('is where forms may end: its own origin, and any loopback port of a native one', () => {
    const clients = [web, native].map((client) => ({
      ...client,
      redirect_uris: [...client.redirect_uris],
      post_logout_redirect_uris: [...client.post_logout_redirect_uris],
    }));
    expect(clientOrigins(clients)).toEqual(['https://console.example', 'http://127.0.0.1:*']);
  });
});
