import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readIdentitySettings } from './settings.ts';

let folder: string;
let environment: Record<string, string>;

function keep(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  chmodSync(path, 0o600);
  return path;
}

const clients = [
  {
    client_id: 'console',
    client_secret: 's'.repeat(40),
    redirect_uris: ['http://localhost:7400/auth/callback'],
    application_type: 'web',
    token_endpoint_auth_method: 'client_secret_basic',
  },
];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-identity-settings-'));
  const pem = keep('any.pem', 'PEM');
  environment = {
    CORDON_PORT: '7403',
    CORDON_ISSUER_URL: 'http://localhost:7403',
    CORDON_ENGINE_INTERNAL_URL: 'https://localhost:7404',
    CORDON_ENGINE_CLIENT_CERT_FILE: pem,
    CORDON_ENGINE_CLIENT_KEY_FILE: pem,
    CORDON_ENGINE_CLIENT_CA_FILE: pem,
    CORDON_IDENTITY_KEY_FILE: keep('identity.key', Buffer.alloc(32, 1)),
    CORDON_COOKIE_KEY_FILE: keep('cookie.key', 'c'.repeat(43)),
    CORDON_CLIENTS_FILE: keep('clients.json', JSON.stringify(clients)),
    CORDON_CONSOLE_URL: 'http://localhost:7400',
    CORDON_PORTAL_URL: 'http://localhost:7401',
    CORDON_DB_CA_FILE: pem,
    CORDON_DB_IDENTITY_APP_URL: 'postgres://localhost:7405/cordon_identity',
    CORDON_DB_IDENTITY_APP_PASSWORD_FILE: pem,
    CORDON_DB_IDENTITY_AUDIT_URL: 'postgres://localhost:7405/cordon_audit',
    CORDON_DB_IDENTITY_AUDIT_PASSWORD_FILE: pem,
  };
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the settings of identity', () => {
  it('are read from the environment and the files that it names', () => {
    expect(readIdentitySettings(environment)).toMatchObject({
      port: 7403,
      issuer: 'http://localhost:7403',
      clients: [{ client_id: 'console', post_logout_redirect_uris: [] }],
      identityDatabase: { loginRole: 'identity_app' },
      auditDatabase: { loginRole: 'identity_audit' },
    });
  });

  it('refuse plain http beyond this machine, and an issuer with a path', () => {
    for (const issuer of ['http://id.example', 'http://localhost:7403/realm'])
      expect(() => readIdentitySettings({ ...environment, CORDON_ISSUER_URL: issuer })).toThrow(
        /CORDON_ISSUER_URL/,
      );
  });

  it.each([
    [
      'half a certificate',
      { CORDON_TLS_CERT_FILE: 'CORDON_COOKIE_KEY_FILE' },
      /CORDON_TLS_KEY_FILE: belongs/,
    ],
    ['half of a key', { CORDON_TLS_KEY_FILE: 'CORDON_COOKIE_KEY_FILE' }, /CORDON_TLS_CERT_FILE: belongs/],
  ])('refuse %s', (_case, change, sentence) => {
    const half = Object.fromEntries(Object.entries(change).map(([name, of]) => [name, environment[of]]));
    expect(() => readIdentitySettings({ ...environment, ...half })).toThrow(sentence);
  });

  it('refuse a listener for everybody without TLS', () => {
    expect(() => readIdentitySettings({ ...environment, CORDON_HOST: '::' })).toThrow(/CORDON_HOST/);
  });

  it('refuse a client list of another form, without quoting it', () => {
    const strange = keep(
      'strange.json',
      JSON.stringify([{ ...clients[0], client_secret: 'short', extra: true }]),
    );
    const read = () => readIdentitySettings({ ...environment, CORDON_CLIENTS_FILE: strange });
    expect(read).toThrow(/CORDON_CLIENTS_FILE/);
    expect(read).not.toThrow(/short/);
  });

  it('refuse a key of another length', () => {
    const short = keep('short.key', Buffer.alloc(16));
    const read = () => readIdentitySettings({ ...environment, CORDON_IDENTITY_KEY_FILE: short });
    expect(read).toThrow(/CORDON_IDENTITY_KEY_FILE/);
  });
});
