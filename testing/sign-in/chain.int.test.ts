import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSigningKeys } from '../../apps/identity/src/provider/signing-keys.ts';
import { rootKeyId } from '../../apps/identity/src/start.ts';
import type { Person } from '../../apps/identity/testing/identity-under-test.ts';
import { createLocalKeyManagement } from '../../packages/field-encryption/index.ts';
import { SignInBrowser } from './sign-in-browser.ts';
import { makeHostileTokens, signToken, type IssuerUnderTest } from './hostile-tokens.ts';
import { startInstallation, type TestInstallation } from './start-installation.ts';

let installation: TestInstallation;
let clinician: Person;
beforeAll(async () => {
  installation = await startInstallation();
  clinician = await installation.addPerson(installation.engine.account('clinician'));
});
afterAll(() => installation.close());
afterEach(() => {
  vi.restoreAllMocks();
});

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** Somebody who reads along between the console's server and the provider. */
function readAlong(): Tokens[] {
  const seen: Tokens[] = [];
  const send = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const answer = await send(input, init);
    if (new URL(input instanceof Request ? input.url : input).pathname === '/token' && answer.ok)
      seen.push((await answer.clone().json()) as Tokens);
    return answer;
  });
  return seen;
}

async function refresh(token: string) {
  const answer = await fetch(`${installation.identity.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('console:console-secret-console-secret-console').toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, resource: 'urn:cordon:engine' }),
  });
  return { status: answer.status, body: (await answer.json()) as Tokens & { error?: string } };
} // prettier-ignore

async function ask(token: string) {
  const answer = await fetch(`${installation.engine.running.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, code: ((await answer.json()) as { code?: string }).code };
} // prettier-ignore

async function entriesOf(person: Person, action: string) {
  const { rows } = await installation.identity.auditAdmin.query<{ decision: string; reason_code: string }>(
    'SELECT decision, reason_code FROM audit.audit_logs WHERE actor_subject = $1 AND action = $2 ORDER BY at',
    [person.accountId, action],
  );
  return rows;
}

describe('a stolen refresh token', () => {
  it('that is used twice ends the family, the browser session and the access tokens, and raises an alarm', async () => {
    const seen = readAlong();
    const owner = new SignInBrowser(installation);
    await owner.signIn(clinician);
    expect((await owner.call('/api/v1/me')).status).toBe(200);
    const stolen = seen.at(-1);
    if (!stolen) throw new Error('nothing was read');

    const thief = await refresh(stolen.refresh_token);
    expect([thief.status, await ask(thief.body.access_token)]).toEqual([200, { status: 200, code: undefined }]);
    expect(await refresh(stolen.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });

    const revoked = { status: 401, code: 'session-revoked' };
    expect(await ask(stolen.access_token)).toEqual(revoked);
    expect(await ask(thief.body.access_token)).toEqual(revoked);
    expect(await refresh(thief.body.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await owner.call('/auth/session')).json()).toEqual({ signedIn: false });
    expect((await owner.call('/api/v1/me')).status).toBe(401);

    expect(await entriesOf(clinician, 'token.family-revoked')).toEqual([{ decision: 'deny', reason_code: 'token-reuse' }]);
    expect((await entriesOf(clinician, 'token.refused')).map((entry) => entry.reason_code)).toEqual(['session-revoked', 'session-revoked']);
    const alarm = installation.identity.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(alarm.filter(({ securityEvent }) => securityEvent === 'token-reuse')).toHaveLength(1);
  }); // prettier-ignore
});

describe('a member who was removed a second ago', () => {
  it('reads nothing with the token of a minute ago, and gets no new one', async () => {
    const account = installation.engine.account('clinician of york');
    const person = await installation.addPerson(account);
    const seen = readAlong();
    const browser = new SignInBrowser(installation);
    await browser.signIn(person);
    const list = `/api/v1/patients?clinicId=${account.clinicIds[0] ?? ''}`;
    const before = await browser.call(list);
    expect([before.status, before.json()['items']]).toMatchObject([200, [{}]]);
    await installation.engine.running.engine.stores.withTenantJob(account.tenantId, (transaction) =>
      transaction.query('UPDATE clinical.memberships SET ended_at = now() WHERE account_id = $1', [account.accountId]),
    );
    const after = await browser.call(list);
    expect([200, 403, 404]).toContain(after.status);
    expect(after.json()['items'] ?? []).toEqual([]);
    expect(await refresh(seen.at(-1)?.refresh_token ?? '')).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await entriesOf(person, 'token.family-revoked')).toEqual([{ decision: 'deny', reason_code: 'entitlement-lost' }]);
    expect((await browser.call('/auth/session')).json()).toEqual({ signedIn: false });
  }); // prettier-ignore
});

describe('a token that the provider did not make', () => {
  async function issuerUnderTest(): Promise<IssuerUnderTest> {
    const { issuer, pool, settings } = installation.identity;
    const management = createLocalKeyManagement({ rootKey: settings.identityKey, rootKeyId });
    const [key] = await createSigningKeys(pool, management).load();
    if (!key) throw new Error('no signing key');
    const now = Math.floor(Date.now() / 1000);
    const { accountId, tenantId, role } = installation.engine.account('clinician');
    const own = { sub: accountId, tenant_id: tenantId, role, sid: 'a-session-of-a-test', scope: 'openid' };
    return { key, claims: { ...own, iss: issuer, aud: 'urn:cordon:engine', iat: now, exp: now + 900 } };
  }

  it('is refused and audited whatever its fault; the same token without the fault is taken', async () => {
    const issuer = await issuerUnderTest();
    expect(await ask(await signToken(issuer))).toEqual({ status: 200, code: undefined });
    const hostile = await makeHostileTokens(issuer);
    const started = new Date();
    for (const [name, token] of hostile)
      expect(await ask(token), name).toEqual({ status: 401, code: 'token-invalid' });
    const { rows } = await installation.identity.auditAdmin.query<{ reason_code: string }>(
      "SELECT reason_code FROM audit.audit_logs WHERE action = 'token.refused' AND actor_subject IS NULL AND at >= $1 ORDER BY at",
      [started],
    );
    expect(rows.map(({ reason_code }) => reason_code)).toEqual(hostile.map(([, , reason]) => reason));
  });

  it('opens nothing of another tenant, however right it is', async () => {
    const issuer = await issuerUnderTest();
    const river = installation.engine.account('clinician of riverside');
    const token = await signToken(issuer, {
      tenant_id: river.tenantId,
      scope: `clinic/${river.clinicIds[0] ?? ''}.read`,
    });
    const answer = await fetch(
      `${installation.engine.running.url}/v1/patients?clinicId=${river.clinicIds[0] ?? ''}`,
      {
        headers: { authorization: `Bearer ${token}` },
      },
    );
    expect([200, 403, 404]).toContain(answer.status);
    expect(((await answer.json()) as { items?: unknown[] }).items ?? []).toEqual([]);
  });

  it('is one of ours in the browser, and the ID token of the sign-in opens nothing', async () => {
    const seen = readAlong();
    const browser = new SignInBrowser(installation);
    await browser.signIn(await installation.addPerson(installation.engine.account('admin')));
    const answer = seen.at(-1) as (Tokens & { id_token: string }) | undefined;
    expect(decodeJwt(answer?.access_token ?? '')['role']).toBe('role.admin');
    expect(await ask(answer?.id_token ?? '')).toEqual({ status: 401, code: 'token-invalid' });
  });
});
