import { describe, expect, it } from 'vitest';
import { createCookie } from './cookies.ts';

const publicOrigin = 'http://localhost:7400';
const cookie = createCookie({ app: 'console', publicOrigin, site: 'strict' });

describe('the cookie of an app', () => {
  it('carries app and port in its name and every protection in its attributes', () => {
    expect(cookie.set('abc')).toBe(
      '__Host-cordon-console-7400=abc; Path=/; Secure; HttpOnly; SameSite=Strict',
    );
    expect(cookie.clear()).toBe(
      '__Host-cordon-console-7400=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0',
    );
    const returning = createCookie({ app: 'console', publicOrigin, site: 'lax', suffix: 'sign-in' });
    expect(returning.set('abc', 600)).toBe(
      '__Host-cordon-console-7400-sign-in=abc; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600',
    );
  });

  it('names the default port of a public address without one', () => {
    expect(createCookie({ app: 'portal', publicOrigin: 'https://p.example', site: 'strict' }).name).toBe(
      '__Host-cordon-portal-443',
    );
  });

  it('reads its value among others', () => {
    expect(cookie.read('a=1; __Host-cordon-console-7400=xyz; b=2')).toBe('xyz');
    expect(cookie.read(' __Host-cordon-console-7400=xyz')).toBe('xyz');
  });

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['another port', '__Host-cordon-console-7401=xyz'],
    ['another case', '__host-cordon-console-7400=xyz'],
    ['a longer name', '__Host-cordon-console-7400-sign-in=xyz'],
    ['no value', '__Host-cordon-console-7400='],
    ['no equals sign', '__Host-cordon-console-7400'],
    ['a quoted value', '__Host-cordon-console-7400="xyz"'],
    ['a strange character', '__Host-cordon-console-7400=x%00z'],
    ['an endless value', `__Host-cordon-console-7400=${'x'.repeat(5_000)}`],
    ['two of them', '__Host-cordon-console-7400=xyz; __Host-cordon-console-7400=planted'],
    ['the same twice', '__Host-cordon-console-7400=xyz;__Host-cordon-console-7400=xyz'],
  ])('reads nothing from %s', (_case, header) => {
    expect(cookie.read(header)).toBeUndefined();
  });

  it.each(['a b', 'a;b', 'a\r\nset-cookie: b', ''])('refuses to set %j', (value) => {
    expect(() => cookie.set(value)).toThrow(expect.objectContaining({ code: 'guard-option-invalid' }));
  });

  it('refuses an app name that would end the cookie name', () => {
    expect(() => createCookie({ app: 'a=b;', publicOrigin, site: 'lax' })).toThrow(
      expect.objectContaining({ code: 'guard-option-invalid' }),
    );
  });
});
