import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneStores } from '../../../../testing/stores.ts';
import { Browser } from '../../testing/browser.ts';
import {
  grantOf,
  startIdentityUnderTest,
  type IdentityUnderTest,
} from '../../testing/identity-under-test.ts';
import { auditOf, givePassword, openPage, post } from '../../testing/sign-in-page.ts';
import { addressLane } from '../attempts/attempts.ts';
import { createAudit } from '../audit.ts';
import { deriveKeys, hashLane } from '../keys.ts';
import { createRecoveries } from '../recovery/recoveries.ts';
import {
  findInvitee,
  inviteFirst,
  type FirstInvitationAsk,
  type FirstInvitationDependencies,
} from './invite-first.ts';
import { createServiceClients } from './service-clients.ts';

let identity: IdentityUnderTest;
let deps: FirstInvitationDependencies;
let auditPool: Pool;
beforeAll(async () => {
  const clones = await cloneStores(['identity', 'audit']);
  auditPool = new Pool({ ...clones.connection('audit', 'identity_audit'), max: 1 });
  identity = await startIdentityUnderTest({ clones });
  const { pool, accounts, issuer } = identity;
  deps = {
    issuer,
    accounts,
    audit: createAudit(auditPool),
    recoveries: createRecoveries(pool),
    services: createServiceClients(pool),
  };
});
afterAll(async () => {
  await auditPool.end();
  await identity.close();
});

const password = 'tandem-obsidian-walrus';
const makeAsk = (): FirstInvitationAsk => ({
  accountId: randomUUID(),
  email: `${randomUUID()}@clinic.example`,
  displayName: 'Ada First',
  tenantId: randomUUID(),
});

async function invite(ask = makeAsk()) {
  const { link } = await inviteFirst(deps, ask);
  return { ask, token: new URL(link ?? '').hash.slice(1) };
}

async function redeem(token: string, browser = new Browser(identity.issuer), chosen = password) {
  const response = await browser.ask('/recovery/redemptions', { token, password: chosen });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const refused = {
  status: 401,
  body: expect.objectContaining({ code: 'identity-recovery-refused' }) as object,
};

const isOpenTo = async (email: string, chosen = password) =>
  (await post(await openPage(identity), 'password', { email, password: chosen })).status === 200;

describe('the first invitation to a place', () => {
  it('is a link with the secret in its fragment, of which the store has the hash alone, for a day', async () => {
    const ask = makeAsk();
    const invitation = await inviteFirst(deps, ask);
    if (invitation.link === null) throw new Error('there is no link');
    const { origin, pathname, search, hash } = new URL(invitation.link);
    expect(`${origin}${pathname}${search}`).toBe(`${identity.issuer}/invitation`);
    expect(Buffer.from(hash.slice(1), 'base64url')).toHaveLength(32);
    const hours = (Date.parse(invitation.expiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23);
    expect(hours).toBeLessThanOrEqual(24.1);
    const { rows } = await identity.pool.query('SELECT * FROM identity.recoveries WHERE account_id = $1', [ask.accountId]);
    expect(JSON.stringify(rows)).not.toContain(hash.slice(1));
    expect(rows).toHaveLength(1);
    expect(await auditRow(ask.accountId)).toEqual([
      { initiator_type: 'system', actor_subject: null, action: 'account.invited', reason_code: 'operator', tenant_id: ask.tenantId },
    ]);
  });

  it('opens one password, once, whoever uses it first, and leads to where staff sign in', async () => {
    const { ask, token } = await invite();
    const answers = await Promise.all(['first', 'second'].map((which) => redeem(token, undefined, `${password} ${which}`)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    expect(answers.find(({ status }) => status === 200)?.body).toEqual({ changed: true, signInAt: 'http://localhost:7400/auth/sign-in' });
    expect(await redeem(token)).toEqual(refused);
    identity.engine.grants.set(ask.accountId, [grantOf({ role: 'role.corporateAdmin', clinics: [] })]);
    const [won] = answers.flatMap(({ status }, index) => (status === 200 ? [['first', 'second'][index]] : []));
    const step = await post(await openPage(identity), 'password', { email: ask.email, password: `${password} ${won ?? ''}` });
    expect(step.body['step']).toBe('enrol');
    expect(await auditOf(identity, ask.accountId)).toEqual(
      expect.arrayContaining([
        { action: 'account.password-changed', reason_code: 'invited' },
        { action: 'sign-in.refused', reason_code: 'link-over' },
      ]),
    );
  });

  it('is not for who is signed in there: another person’s session and password stay as they are', async () => {
    const other = await identity.addPerson();
    const browser = new Browser(identity.issuer);
    const page = await openPage(identity, {}, browser);
    expect((await givePassword(page, other)).body['step']).toBe('code');
    const { ask, token } = await invite();
    identity.engine.grants.set(ask.accountId, [grantOf()]);
    expect((await redeem(token, browser)).status).toBe(200);
    expect((await (await browser.ask(`${page.page}/state`)).json()) as object).toMatchObject({ step: 'code' });
    expect((await givePassword(await openPage(identity), other)).body['step']).toBe('code');
    expect(await isOpenTo(other.email)).toBe(false);
    expect(await isOpenTo(ask.email)).toBe(true);
  });

  it('is over after its time, after a newer one, and where a password was set by any other way', async () => {
    const late = await invite();
    await identity.pool.query('UPDATE identity.recoveries SET expires_at = now() WHERE account_id = $1', [late.ask.accountId]);
    expect(await redeem(late.token)).toEqual(refused);
    const newer = await invite(late.ask);
    const newest = await invite(late.ask);
    expect(await redeem(newer.token)).toEqual(refused);
    const account = await identity.accounts.findById(late.ask.accountId);
    expect(account && (await identity.accounts.setPassword(account, '$argon2id$v=19$set-elsewhere', {}))).toBe(true);
    expect(await redeem(newest.token)).toEqual(refused);
    expect(await inviteFirst(deps, late.ask)).toEqual({ link: null });
  });

  it('cannot be guessed: what is no link is counted, held up and recorded', async () => {
    const { ask, token } = await invite();
    const lane = hashLane(deriveKeys(identity.settings.identityKey).laneKey, `redemption:${addressLane('127.0.0.1')}`);
    for (const guess of [token.slice(1), `${token}A`, token.toLowerCase(), ask.accountId]) expect(await redeem(guess)).toEqual(refused);
    expect((await redeem('')).status).toBe(400);
    await identity.pool.query('UPDATE identity.attempts SET failures = 105 WHERE lane = $1', [lane]);
    expect((await redeem('guess')).status).toBe(401);
    expect(await redeem(token)).toMatchObject({ status: 429, body: { code: 'identity-attempts-exceeded' } });
    await identity.pool.query('DELETE FROM identity.attempts WHERE lane = $1', [lane]);
    const { rows } = await identity.auditAdmin.query("SELECT FROM audit.audit_logs WHERE reason_code = 'link-unknown' AND actor_subject IS NULL");
    expect(rows.length).toBeGreaterThanOrEqual(5);
    expect((await redeem(token)).status).toBe(200);
  });

  it('asked for twice at once makes one account, and the link of either opens it once', async () => {
    const ask = makeAsk();
    const made = await Promise.all([inviteFirst(deps, ask), inviteFirst(deps, ask)]);
    const tokens = made.map(({ link }) => new URL(link ?? '').hash.slice(1));
    const statuses = [];
    for (const token of tokens) statuses.push((await redeem(token)).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });
}); // prettier-ignore

describe('an invitation is refused', () => {
  it('for an address that has another account, and an account that has another address', async () => {
    const { ask } = await invite();
    const other = makeAsk();
    for (const wrong of [{ ...other, email: ask.email }, { ...other, accountId: ask.accountId }])
      await expect(inviteFirst(deps, wrong)).rejects.toMatchObject({ code: 'identity-account-other' });
    expect(await identity.accounts.findById(other.accountId)).toBeUndefined();
  });

  it('for an account that is suspended, or an integration’s', async () => {
    const { ask } = await invite();
    expect(await findInvitee(deps, ask.email.toUpperCase())).toBe(ask.accountId);
    const integration: FirstInvitationDependencies = {
      ...deps,
      services: { ...deps.services, isService: () => Promise.resolve(true) },
    };
    await expect(inviteFirst(integration, ask)).rejects.toMatchObject({ code: 'identity-account-unusable' });
    await identity.pool.query("UPDATE identity.accounts SET state = 'suspended' WHERE id = $1", [ask.accountId]);
    await expect(findInvitee(deps, ask.email)).rejects.toMatchObject({ code: 'identity-account-unusable' });
    await expect(inviteFirst(deps, ask)).rejects.toMatchObject({ code: 'identity-account-unusable' });
  });

  it('without its entry: no account, no link', async () => {
    const ask = makeAsk();
    const away: FirstInvitationDependencies = {
      ...deps,
      audit: { ...deps.audit, appendAudit: () => Promise.reject(new Error('away')) },
    };
    await expect(inviteFirst(away, ask)).rejects.toThrow('away');
    expect(await identity.accounts.findById(ask.accountId)).toBeUndefined();
  });
}); // prettier-ignore

async function auditRow(accountId: string) {
  const { rows } = await identity.auditAdmin.query<object>(
    'SELECT initiator_type, actor_subject, action, reason_code, tenant_id FROM audit.audit_logs WHERE resource_id = $1',
    [accountId],
  );
  return rows;
}
