import { get, type IncomingHttpHeaders } from 'node:http';
import { calculatePKCECodeChallenge, randomPKCECodeVerifier } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIdentityUnderTest, type IdentityUnderTest } from '../../testing/identity-under-test.ts';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest({ issuer: 'https://id.example' });
});
afterAll(() => identity.close());

/** As a proxy that ends TLS hands a request on. */
const ask = (
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: IncomingHttpHeaders }> =>
  new Promise((resolve, reject) => {
    const url = new URL(path, `http://localhost:${identity.settings.port}`);
    get(url, { headers: { host: 'id.example', ...headers } }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    }).on('error', reject);
  });

const authorize = async () =>
  `/authorize?${new URLSearchParams({
    client_id: 'cordon-cli',
    response_type: 'code',
    redirect_uri: 'http://127.0.0.1/callback',
    scope: 'openid',
    code_challenge: await calculatePKCECodeChallenge(randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  }).toString()}`;

describe('beyond this machine', () => {
  it('cookies are secure, bear the prefix that keeps others from planting them, and transport is pinned', async () => {
    const { status, headers } = await ask(await authorize());
    expect(status).toBe(303);
    const cookies = headers['set-cookie'] ?? [];
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__(?:Secure|Host)-cordon_identity_/);
      expect(cookie).toMatch(/; secure/i);
      expect(cookie).toMatch(/; httponly/i);
      expect(cookie).toMatch(/; samesite=lax/i);
    }
    expect(headers['strict-transport-security']).toContain('max-age=63072000');
  });

  it('no header of a client bends an address', async () => {
    const forged = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const { headers } = await ask(await authorize(), forged);
    expect(JSON.stringify(headers)).not.toContain('evil');
    const { rows } = await identity.pool.query<{ address: string }>(
      "SELECT DISTINCT split_part(payload ->> 'returnTo', '/authorize', 1) AS address FROM identity.artefacts WHERE model = 'Interaction'",
    );
    expect(rows).toEqual([{ address: 'https://id.example' }]);
  });

  it('another host name is not answered, but for the probes', async () => {
    expect((await ask('/jwks', { host: 'evil.example' })).status).toBe(421);
    expect((await ask('/health/live', { host: '10.0.0.7:8080' })).status).toBe(200);
  });
});
