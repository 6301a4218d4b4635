import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { server } from '../examples/guard-a-server.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is the file that this test runs', () => {
    expect(/```ts\n([\s\S]*?)```/.exec(read('../README.md'))?.[1]).toBe(
      read('../examples/guard-a-server.ts'),
    );
  });

  it('does what the text beneath it says', async () => {
    const host = 'localhost:3000';
    const own = { host, 'sec-fetch-site': 'same-origin', 'x-cordon-request': '1' };
    const page = await server.inject({ url: '/', headers: { host } });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    const post = (headers: Record<string, string>) =>
      server.inject({ method: 'POST', url: '/notes', headers });
    expect((await post({ host, 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    const statuses = [];
    for (let turn = 0; turn < 11; turn++) statuses.push((await post(own)).statusCode);
    expect(statuses).toEqual([...Array<number>(10).fill(200), 429]);
    await server.close();
  });
});
