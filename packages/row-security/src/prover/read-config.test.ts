import { describe, expect, it } from 'vitest';
import { readProverConfig } from './read-config.ts';

const good = {
  name: 'mine',
  columns: { tenant: 'tenant_id' },
  loginRoles: ['app'],
  driver: { kind: 'setting', settings: { 'app.tenant_id': '$tenant' } },
  callers: [{ name: 'member', loginRoles: ['app'], reach: 'tenant' }],
};
const read = (change: object) => readProverConfig(JSON.stringify({ ...good, ...change }));

describe('the configuration', () => {
  it('needs a name, the tenant column, login roles, a driver and callers', () => {
    const config = read({});
    expect(config.loginRoles).toEqual(['app']);
    expect(config.accepted).toEqual([]);
    expect(config.generators).toEqual({});
  });

  it('takes a sealed driver’s key in hexadecimal', () => {
    const { driver } = read({ driver: { kind: 'sealed', keyId: 'k', keyHex: 'ab'.repeat(32) } });
    expect(driver.kind === 'sealed' && driver.key.key.symmetricKeySize).toBe(32);
  });

  it.each([
    ['an unknown key', { tenants: [] }, 'tenants is not a known key'],
    ['no tenant column', { columns: {} }, 'columns.tenant must be a text'],
    ['an unknown level', { columns: { tenant: 't', house: 'h' } }, 'columns.house is not a known level'],
    ['no login roles', { loginRoles: 'app' }, 'loginRoles must be a list of texts'],
    ['an unknown driver', { driver: { kind: 'magic' } }, 'driver.kind must be'],
    [
      'a short key',
      { driver: { kind: 'sealed', keyId: 'k', keyHex: 'ab' } },
      'driver.keyHex must be 32 bytes',
    ],
    [
      'an unknown reach',
      { callers: [{ name: 'm', loginRoles: [], reach: 'all' }] },
      'callers[0].reach must be one of',
    ],
    [
      'an acceptance without a reason',
      { accepted: [{ channel: 'notify', expires: '2027-01-01' }] },
      'accepted[0].reason',
    ],
    [
      'an acceptance without an end',
      { accepted: [{ channel: 'notify', reason: 'r', expires: 'never' }] },
      'accepted[0].expires must be a day',
    ],
    ['a declaration without a reason', { definerFunctions: [{ name: 'f' }] }, 'definerFunctions[0].reason'],
  ])('is refused for %s', (_name, change, message) => {
    expect(() => read(change)).toThrow(message);
  });

  it('is refused when it is no JSON', () => {
    expect(() => readProverConfig('{')).toThrow('must be JSON');
  });
});
