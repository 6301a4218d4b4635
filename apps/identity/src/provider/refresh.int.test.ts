import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  password,
  grantOf,
  startIdentityUnderTest,
  type IdentityUnderTest,
  type Person,
} from '../../testing/identity-under-test.ts';
import {
  discover,
  followToClient,
  openSignIn,
  requestParameters,
  signIn,
  type SignedIn,
} from '../../testing/relying-party.ts';

let identity: IdentityUnderTest;
let configuration: client.Configuration;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
  configuration = await discover(identity);
});
afterAll(() => identity.close());

const easyPerson = () => identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });
const refresh = (token: string | undefined) => client.refreshTokenGrant(configuration, token ?? '');
const refused = { error: 'invalid_grant', status: 400 };

async function familyOf(person: Person) {
  const { rows } = await identity.pool.query<{ revoked_for: string | null; sid: string }>(
    'SELECT revoked_for, sid FROM identity.token_families WHERE account_id = $1 ORDER BY created_at',
    [person.accountId],
  );
  return rows;
}

const auditOf = async (person: Person) => {
  const { rows } = await identity.auditAdmin.query<{ reason_code: string; actor_session: string }>(
    `SELECT reason_code, actor_session FROM audit.audit_logs
     WHERE actor_subject = $1 AND action = 'token.family-revoked'`,
    [person.accountId],
  );
  return rows;
};

describe('a refresh token', () => {
  it('is replaced at each use and never adds to the seven days of its family', async () => {
    const person = await easyPerson();
    const { tokens } = await signIn({ identity, person });
    const lifeOf = async () => {
      const { rows } = await identity.pool.query<{ latest: Date }>(
        `SELECT max(a.expires_at) AS latest FROM identity.artefacts a JOIN identity.token_families f USING (grant_id)
         WHERE a.model = 'RefreshToken' AND f.account_id = $1`,
        [person.accountId],
      );
      return rows[0]?.latest.getTime() ?? 0;
    };
    const end = await lifeOf();
    let token = tokens.refresh_token;
    for (let use = 0; use < 3; use += 1) {
      const next = await refresh(token);
      expect(next.refresh_token).not.toBe(token);
      expect(decodeJwt(next.access_token)).toMatchObject({
        sid: decodeJwt(tokens.access_token)['sid'],
        auth_time: decodeJwt(tokens.access_token)['auth_time'],
        tenant_id: decodeJwt(tokens.access_token)['tenant_id'],
      });
      token = next.refresh_token;
    }
    // A second of rounding either way.
    expect(Math.abs((await lifeOf()) - end)).toBeLessThan(2_000);
    expect(end - Date.now()).toBeLessThanOrEqual(7 * 24 * 3_600_000);
  });

  it('presented a second time ends the whole family, leaves an entry and raises a security event', async () => {
    const person = await easyPerson();
    const { tokens } = await signIn({ identity, person });
    const next = await refresh(tokens.refresh_token);
    await expect(refresh(tokens.refresh_token)).rejects.toMatchObject(refused);
    await expect(refresh(next.refresh_token)).rejects.toMatchObject(refused);
    const [family] = await familyOf(person);
    expect(family).toMatchObject({ revoked_for: 'token-reuse', sid: decodeJwt(tokens.access_token)['sid'] });
    expect(await auditOf(person)).toEqual([{ reason_code: 'token-reuse', actor_session: family?.sid }]);
    expect(identity.logLines.some((line) => line.includes('"securityEvent":"token-reuse"'))).toBe(true);
  });

  it(
    'gives one winner in each of 200 pairs that race, and no failure of the provider',
    { timeout: 600_000 },
    async () => {
      const people = await Promise.all(Array.from({ length: 20 }, easyPerson));
      const signedIn: SignedIn[] = [];
      for (let round = 0; round < 10; round += 1)
        signedIn.push(...(await Promise.all(people.map((person) => signIn({ identity, person })))));
      const outcomes: string[] = [];
      for (let start = 0; start < signedIn.length; start += 20) {
        const pairs = signedIn.slice(start, start + 20).map(async ({ tokens }) => {
          const results = await Promise.allSettled([
            refresh(tokens.refresh_token),
            refresh(tokens.refresh_token),
          ]);
          for (const result of results)
            if (result.status === 'rejected') expect(result.reason).toMatchObject(refused);
          return results
            .map(({ status }) => status)
            .toSorted()
            .join(' ');
        });
        outcomes.push(...(await Promise.all(pairs)));
      }
      expect(outcomes).toHaveLength(200);
      expect(new Set(outcomes)).toEqual(new Set(['fulfilled rejected']));
    },
  );

  it('is not used up while the engine gives no answer', async () => {
    const { tokens } = await signIn({ identity, person: await easyPerson() });
    identity.engine.away = true;
    try {
      await expect(refresh(tokens.refresh_token)).rejects.toMatchObject({ error: 'temporarily_unavailable' });
    } finally {
      identity.engine.away = false;
    }
    expect((await refresh(tokens.refresh_token)).access_token).toBeTypeOf('string');
  });

  it('ends with the membership, at once and for good', async () => {
    const person = await easyPerson();
    const grants = identity.engine.grants.get(person.accountId) ?? [];
    const { tokens } = await signIn({ identity, person });
    identity.engine.grants.set(person.accountId, []);
    await expect(refresh(tokens.refresh_token)).rejects.toMatchObject(refused);
    identity.engine.grants.set(person.accountId, grants);
    await expect(refresh(tokens.refresh_token)).rejects.toMatchObject(refused);
    expect(await familyOf(person)).toMatchObject([{ revoked_for: 'entitlement-lost' }]);
  });

  it('ends when the role changes, when a factor becomes required, and when the account is suspended', async () => {
    const change = async (after: (person: Person) => unknown) => {
      const person = await easyPerson();
      const { tokens } = await signIn({ identity, person });
      await after(person);
      await expect(refresh(tokens.refresh_token)).rejects.toMatchObject(refused);
    };
    const replaceGrant = (more: Parameters<typeof grantOf>[0]) => (person: Person) => {
      const [grant] = identity.engine.grants.get(person.accountId) ?? [];
      identity.engine.grants.set(person.accountId, [{ ...grantOf(), ...grant, ...more }]);
    };
    await change(replaceGrant({ role: 'role.admin' }));
    await change(replaceGrant({ factorRequired: true }));
    await change((person) =>
      identity.pool.query("UPDATE identity.accounts SET state = 'suspended' WHERE id = $1", [
        person.accountId,
      ]),
    );
  });

  it('carries new clinics, and loses old ones, as the engine says', async () => {
    const person = await easyPerson();
    const { tokens } = await signIn({ identity, person });
    const [grant] = identity.engine.grants.get(person.accountId) ?? [];
    identity.engine.grants.set(person.accountId, [{ ...grantOf(), ...grant, clinics: [] }]);
    expect((await refresh(tokens.refresh_token)).scope).toBe('openid');
  });

  it('is worth nothing to another client, and can be revoked by its own', async () => {
    const person = await easyPerson();
    const { tokens } = await signIn({ identity, person });
    const response = await fetch(`${identity.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'cordon-cli', refresh_token: tokens.refresh_token ?? '' }),
    }); // prettier-ignore
    expect(response.status).toBe(400);
    await client.tokenRevocation(configuration, tokens.refresh_token ?? '');
    await expect(refresh(tokens.refresh_token)).rejects.toMatchObject(refused);
    expect(await familyOf(person)).toMatchObject([{ revoked_for: 'client-request' }]);
  });
});

describe('sign-out', () => {
  const signOut = async ({ tokens, browser }: SignedIn) => {
    const url = client.buildEndSessionUrl(configuration, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: 'http://localhost:7400/',
      state: 'after',
    });
    const page = await (await browser.open(url.href)).text();
    const secret = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    return { page, answer: await browser.submit('/sign-out/confirm', { xsrf: secret, logout: 'yes' }) };
  };

  it('that a client asks for ends the tokens and comes back to it', async () => {
    const person = await easyPerson();
    const signedIn = await signIn({ identity, person });
    const { page, answer } = await signOut(signedIn);
    expect(page).toContain('data-submit');
    expect(page).not.toMatch(/<script>|style=/);
    expect(answer.headers.get('location')).toBe('http://localhost:7400/?state=after');
    await expect(refresh(signedIn.tokens.refresh_token)).rejects.toMatchObject(refused);
    expect(await familyOf(person)).toMatchObject([{ revoked_for: 'sign-out' }]);
  });

  it('is asked of the person where no client proves that it asked, and leads to registered addresses only', async () => {
    const { browser } = await signIn({ identity, person: await easyPerson() });
    const bare = await (await browser.open('/sign-out')).text();
    expect(bare).toContain('Sign out?');
    expect(bare).not.toContain('data-submit');
    const elsewhere = await browser.open(
      '/sign-out?client_id=console&post_logout_redirect_uri=https://evil.example/',
    );
    expect(elsewhere.status).toBe(400);
    expect((await browser.submit('/sign-out/confirm', { xsrf: 'guess', logout: 'yes' })).status).toBe(400);
  });

  it('is followed by a session id that nobody has refused yet', async () => {
    const person = await easyPerson();
    const first = await signIn({ identity, person });
    const second = await signIn({ identity, person, browser: first.browser });
    expect(decodeJwt(second.tokens.access_token)['sid']).not.toBe(
      decodeJwt(first.tokens.access_token)['sid'],
    );
    expect(second.tokens.claims()?.['sid']).toBe(decodeJwt(second.tokens.access_token)['sid']);
    await expect(refresh(first.tokens.refresh_token)).rejects.toMatchObject(refused);
    expect((await refresh(second.tokens.refresh_token)).access_token).toBeTypeOf('string');
  });

  it('of the one who sat here before happens when another person signs in', async () => {
    const first = await signIn({ identity, person: await easyPerson() });
    const { browser } = first;
    const second = await easyPerson();
    const verifier = client.randomPKCECodeVerifier();
    const { page } = await openSignIn(identity, configuration, await requestParameters(verifier), browser);
    const answer = await browser.ask(`${page}/password`, { email: second.email, password });
    const { redirectTo } = (await answer.json()) as { redirectTo: string };
    // The library's own page sends itself; the policy names the hash of its one script.
    const form = await browser.open(redirectTo);
    expect(form.headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-/);
    const secret = /name="xsrf" value="([^"]+)"/.exec(await form.text())?.[1] ?? '';
    const onward = await browser.submit('/sign-out/confirm', { xsrf: secret, logout: 'yes' });
    const callback = await followToClient(browser, onward.headers.get('location') ?? '', identity.issuer);
    const tokens = await client.authorizationCodeGrant(configuration, callback, {
      pkceCodeVerifier: verifier,
    });
    expect(decodeJwt(tokens.access_token).sub).toBe(second.accountId);
    await expect(refresh(first.tokens.refresh_token)).rejects.toMatchObject(refused);
  });
});
