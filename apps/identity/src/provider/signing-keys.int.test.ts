import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { refreshTokenGrant } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  grantOf,
  startIdentityUnderTest,
  type IdentityUnderTest,
} from '../../testing/identity-under-test.ts';
import { signIn } from '../../testing/relying-party.ts';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
});
afterAll(() => identity.close());

async function publishedKeys(): Promise<string[]> {
  const response = await fetch(`${identity.issuer}/jwks`);
  return ((await response.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
}

const verify = (token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL('/jwks', identity.issuer)), { issuer: identity.issuer, typ: 'at+jwt' }); // prettier-ignore

/** As if a month, or an hour, had gone by. */
const age = (what: string) => identity.pool.query(`UPDATE identity.signing_keys SET ${what}`);

describe('the signing keys', () => {
  it('change each month: the new one is published before it signs, the old one as long as its tokens may be shown', async () => {
    const person = await identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });
    const { tokens, configuration } = await signIn({ identity, person });
    const [first = ''] = await publishedKeys();
    expect(decodeProtectedHeader(tokens.access_token).kid).toBe(first);

    await age("created_at = created_at - interval '31 days', signs_from = signs_from - interval '31 days'");
    await identity.restart();
    const both = await publishedKeys();
    expect(both).toHaveLength(2);
    const second = both.find((kid) => kid !== first) ?? '';
    const early = await refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    expect(decodeProtectedHeader(early.access_token).kid).toBe(first);

    await age("signs_from = signs_from - interval '2 hours'");
    await identity.restart();
    const late = await refreshTokenGrant(configuration, early.refresh_token ?? '');
    expect(decodeProtectedHeader(late.access_token).kid).toBe(second);
    await Promise.all([tokens, early, late].map(({ access_token: token }) => verify(token)));

    await identity.pool.query("UPDATE identity.signing_keys SET expires_at = now() - interval '1 second' WHERE id = $1", [first]); // prettier-ignore
    await identity.restart();
    expect(await publishedKeys()).toEqual([second]);
    await expect(verify(tokens.access_token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    await verify(late.access_token);
  });
});
