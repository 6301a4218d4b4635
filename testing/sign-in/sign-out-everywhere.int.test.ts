import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Person } from '../../apps/identity/testing/identity-under-test.ts';
import { redirectUri, signIn } from '../../apps/identity/testing/relying-party.ts';
import { makePlan, type SeedAccount } from '../engine/run-engine-on.ts';
import { SignInBrowser } from './sign-in-browser.ts';
import { startInstallation, type TestInstallation } from './start-installation.ts';

/** A clinician of one tenant who is a patient of another: one account, two applications. */
const plan = makePlan();
const named = (name: string) => plan.accounts.find(({ displayName }) => displayName === name) as SeedAccount;
const staff = { tenantId: named('clinician').tenantId, role: 'role.clinician' };
const patient = { tenantId: named('Rita Riverson').tenantId, role: 'role.patient' };
const accounts = plan.accounts.map((each) =>
  each.displayName === 'Rita Riverson' ? { ...each, accountId: named('clinician').accountId } : each,
);

let installation: TestInstallation;
let person: Person;
beforeAll(async () => {
  installation = await startInstallation({ ...plan, accounts }, { portal: true });
  person = await installation.addPerson(named('clinician'));
});
afterAll(() => installation.close());
beforeEach(() => vi.restoreAllMocks());

async function enter(app: 'console' | 'portal'): Promise<SignInBrowser> {
  await installation.identity.pool.query('UPDATE identity.factors SET last_used_step = NULL');
  const browser = new SignInBrowser(installation, app);
  await browser.signIn(person, 0, app === 'console' ? staff : patient);
  return browser;
}
const sessionOf = async (browser: SignInBrowser) => (await browser.call('/auth/session')).json()['signedIn'];
const askEngine = async (token: string) =>
  (await fetch(`${installation.engine.running.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } }))
    .status;

describe('signing out everywhere', () => {
  it('at the console ends the console’s other browser, the portal, and tokens that the engine would still take', async () => {
    const tokens: string[] = [];
    const send = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const answer = await send(input, init);
      if (new URL(input instanceof Request ? input.url : input).pathname === '/token')
        tokens.push(((await answer.clone().json()) as { access_token: string }).access_token);
      return answer;
    });
    const places = [await enter('console'), await enter('console'), await enter('portal')];
    expect(await Promise.all(places.map(sessionOf))).toEqual([true, true, true]);
    expect(await Promise.all(tokens.map(askEngine))).toEqual([200, 200, 200]);

    expect((await places[0]?.call('/auth/sessions/end', 'POST'))?.json()).toEqual({ ended: 2 });
    expect(await Promise.all(places.map(sessionOf))).toEqual([false, false, false]);
    expect(await Promise.all(tokens.map(askEngine))).toEqual([401, 401, 401]);
    const { rows } = await installation.identity.auditAdmin.query<{ said: string }>(
      "SELECT reason_code || ' ' || actor_role AS said FROM audit.audit_logs WHERE action = 'token.family-revoked' AND actor_subject = $1 ORDER BY 1",
      [person.accountId],
    );
    expect(rows.map(({ said }) => said)).toEqual(['person-request role.clinician', 'person-request role.clinician', 'person-request role.patient']);
  });

  it('at the portal ends the console too', async () => {
    const places = [await enter('portal'), await enter('console')];
    expect((await places[0]?.call('/auth/sessions/end', 'POST'))?.status).toBe(200);
    expect(await Promise.all(places.map(sessionOf))).toEqual([false, false]);
  });

  it('in one browser, by the usual sign-out, leaves what is open in others', async () => {
    const places = [await enter('console'), await enter('console'), await enter('portal')];
    await places[0]?.call('/auth/sign-out', 'POST');
    expect(await Promise.all(places.map(sessionOf))).toEqual([false, true, true]);
  });

  it('is not for whoever guesses: neither another client nor a spent token ends what is somebody else’s', async () => {
    const browser = await enter('console');
    const ask = (token: string, client: string) =>
      fetch(`${installation.identity.issuer}/revoke`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${client}:${client}-secret-${client}-secret-${client}`).toString('base64')}` },
        body: new URLSearchParams({ token, all_sessions: 'true' }),
      });
    await installation.identity.pool.query('UPDATE identity.factors SET last_used_step = NULL');
    const other = await installation.addPerson(installation.engine.account('clinician of york'));
    const { tokens } = await signIn({ identity: installation.identity, person: other, parameters: { redirect_uri: redirectUri } });
    expect((await ask('no-such-token', 'console')).status).toBe(200);
    expect((await ask(tokens.refresh_token ?? '', 'portal')).status).toBeLessThan(500);
    expect(await askEngine(tokens.access_token)).toBe(200);
    await ask(tokens.refresh_token ?? '', 'console');
    expect(await askEngine(tokens.access_token)).toBe(401);
    expect(await sessionOf(browser)).toBe(true);
  });

  it('ends nothing, and says so, while the provider does not answer', async () => {
    const browser = await enter('console');
    const send = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) =>
      new URL(input instanceof Request ? input.url : input).pathname === '/revoke'
        ? Promise.reject(new TypeError('fetch failed'))
        : send(input, init),
    );
    const answer = await browser.call('/auth/sessions/end', 'POST');
    expect([answer.status, answer.json()['code']]).toEqual([503, 'sign-in-unavailable']);
    expect(await sessionOf(browser)).toBe(true);
  });
}); // prettier-ignore
