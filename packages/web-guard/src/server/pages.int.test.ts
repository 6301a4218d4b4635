import { describe, expect, it } from 'vitest';
import { ask } from '../../testing/test-browser.ts';
import { useTestSetup } from '../../testing/test-setup.ts';

const setup = useTestSetup();

describe('the pages', () => {
  const navigation = { accept: 'text/html', 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }; // prettier-ignore

  it('are served at every address that a person opens, and never stored', async () => {
    for (const path of ['/', '/patients', '/patients/1.2/x', '/?x=1']) {
      const answer = await ask(setup.publicUrl + path, { headers: navigation });
      expect([path, answer.status, answer.headers['cache-control']]).toEqual([path, 200, 'no-store']);
      expect(answer.body).toContain('the page');
      expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
      expect(answer.headers).not.toHaveProperty('strict-transport-security');
      expect(answer.headers).not.toHaveProperty('etag');
      expect(answer.headers).not.toHaveProperty('last-modified');
    }
  });

  it('begin at the root for every client', async () => {
    expect((await ask(`${setup.publicUrl}/`)).status).toBe(200);
  });

  it('have assets that are stored for good', async () => {
    const answer = await ask(`${setup.publicUrl}/assets/index-DkX9_a-1.js`, { headers: { 'sec-fetch-site': 'same-origin' } });
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(answer.headers['content-type']).toContain('/javascript');
    expect((await ask(`${setup.publicUrl}/favicon.svg`)).headers['content-type']).toBe('image/svg+xml');
  }); // prettier-ignore

  it('are not what a script, a missing asset or an unknown API address gets', async () => {
    for (const [path, headers] of [
      ['/patients', { accept: 'application/json' }],
      ['/assets/none-AAAAAAAA.js', navigation],
      ['/.secret', { accept: '*/*' }],
      ['/assets/', navigation],
      ['/auth/unknown', navigation],
    ] as const) {
      const answer = await ask(setup.publicUrl + path, { headers });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.json()['code']).toBe('route-unknown');
    }
  });

  it('hand out no file beside the build', async () => {
    for (const target of [
      '/assets/../.secret',
      '/assets/%2e%2e/.secret',
      '/assets/..%2f.secret',
      '/.secret',
    ]) {
      const status = await setup.askRaw(target, { accept: '*/*' });
      expect([target, [400, 403, 404].includes(status)]).toEqual([target, true]);
    }
  });

  it('stay closed to frames and scripts of other sites', async () => {
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
      'sec-fetch-dest': 'script',
    };
    expect((await ask(`${setup.publicUrl}/assets/index-DkX9_a-1.js`, { headers })).status).toBe(403);
  });
});
