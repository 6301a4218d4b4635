import { describe, expect, it } from 'vitest';
import { ask } from '../../testing/test-browser.ts';
import { useTestSetup } from '../../testing/test-setup.ts';

const setup = useTestSetup();

describe('odd requests', () => {
  it.each([
    ['//', {}, '', [200, 404]],
    ['///', {}, '', [200, 404]],
    ['/%', {}, '', [400, 404]],
    ['/%zz', {}, '', [400, 404]],
    ['/\\evil', {}, '', [400, 404]],
    ['*', {}, '', [421]],
    ['http://evil.example/', {}, '', [421]],
    ['http://localhost/auth/session', {}, '', [421]],
    ['//evil.example/%2f..', {}, '', [200, 404]],
    ['/', { host: 'evil.example' }, '', [421]],
    ['/', { host: '' }, '', [421, 400]],
    ['/', {}, 'host: evil.example\r\n', [421]],
    ['/', {}, 'host: evil.example\r\nhost: evil.example\r\n', [421]],
    ['/', {}, `x: ${'a'.repeat(20_000)}\r\n`, [431]],
    ['/', {}, 'content-length: 5\r\ntransfer-encoding: chunked\r\n', [400]],
    ['/', {}, 'a\0b: 1\r\n', [400]],
    [`/${'a'.repeat(15_000)}`, {}, '', [404, 414, 431]],
    ['/auth/callback?state=%', {}, '', [400]],
    ['/auth/callback?state=%00&code=%ff', {}, '', [400]],
    ['/auth/sign-in?returnTo=%ff%fe', {}, '', [303]],
  ])('%s %j %j is answered with one of the expected statuses', async (target, headers, more, statuses) => {
    expect(statuses).toContain(await setup.askRaw(target, headers, more));
    expect((await ask(`${setup.publicUrl}/auth/session`)).status).toBe(200);
  });

  it('with very many cookies is answered', async () => {
    const cookie = Array.from({ length: 1_000 }, (_, index) => `c${index}=1`).join('; ');
    expect((await ask(`${setup.publicUrl}/auth/session`, { headers: { cookie } })).json()).toEqual({
      signedIn: false,
    });
  });
});
