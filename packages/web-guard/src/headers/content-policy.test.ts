import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from './content-policy.ts';

describe('the content security policy', () => {
  it.each(['page', 'sign-in', 'api'] as const)('allows nothing unsafe in the %s profile', (profile) => {
    const policy = contentSecurityPolicy(profile);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('asks for Trusted Types and allows no policy unless one is named', () => {
    expect(contentSecurityPolicy('page')).toMatch(
      /require-trusted-types-for 'script'; trusted-types 'none'$/,
    );
    expect(contentSecurityPolicy('page', { trustedTypesPolicies: ['viewer'] })).toMatch(
      /trusted-types viewer$/,
    );
  });

  it('lets the sign-in page redirect a form to the clients, native loopback ports included', () => {
    expect(
      contentSecurityPolicy('sign-in', { formsTo: ['https://console.example', 'http://127.0.0.1:*'] }),
    ).toContain("form-action 'self' https://console.example http://127.0.0.1:*;");
  });

  it('lets no form of a page be submitted without script', () => {
    expect(contentSecurityPolicy('page')).toContain("form-action 'none'");
  });

  it.each([
    "'unsafe-inline'",
    '*',
    'https:',
    'https://*.example',
    'https://a.example/path',
    'https://a.example; script-src *',
    'https://a.example https://b.example',
    'http://a.example',
    'http://localhost.evil.example',
    'https://user@a.example',
    'data:',
    '',
  ])('refuses %j as a source', (source) => {
    expect(() => contentSecurityPolicy('page', { connectTo: [source] })).toThrow(
      expect.objectContaining({ code: 'policy-source-invalid' }),
    );
  });

  it('allows data: for pictures alone', () => {
    expect(contentSecurityPolicy('page', { imagesFrom: ['data:'] })).toContain("img-src 'self' blob: data:;");
  });

  it.each(['none', 'a b', '*', ''])('refuses %j as the name of a Trusted Types policy', (name) => {
    expect(() => contentSecurityPolicy('page', { trustedTypesPolicies: [name] })).toThrow(
      expect.objectContaining({ code: 'policy-source-invalid' }),
    );
  });
});
