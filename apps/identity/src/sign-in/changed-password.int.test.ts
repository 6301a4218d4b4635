import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../../testing/browser.ts';
import {
  codeOf,
  grantOf,
  startIdentityUnderTest,
  type IdentityUnderTest,
  type Person,
} from '../../testing/identity-under-test.ts';
import { signIn } from '../../testing/relying-party.ts';
import { givePassword, openPage, post, type Page } from '../../testing/sign-in-page.ts';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
});
afterAll(() => identity.close());

const fresh = 'seven walruses in a teapot';
const stepOf = async ({ browser, page }: Page) =>
  (await (await browser.ask(`${page}/state`)).json()) as Record<string, unknown>;
const liveFamilies = async ({ accountId }: Person) =>
  (
    await identity.pool.query(
      'SELECT FROM identity.token_families WHERE account_id = $1 AND revoked_at IS NULL',
      [accountId],
    )
  ).rowCount;

/** The person, with a password of her own again, in another browser. */
async function changePassword(person: Person) {
  const page = await openPage(identity);
  await givePassword(page, person);
  await post(page, 'manage');
  await post(page, 'code', { code: codeOf(person.secret) });
  const changed = await post(page, 'new-password', { password: fresh });
  expect(changed.body['step']).toBe('manage');
  return page;
}

/** What is asked while somebody else's change of the password is not committed yet, and goes on once it is. */
async function askDuringChange<Answer>(person: Person, ask: () => Promise<Answer>): Promise<Answer> {
  const change = await identity.pool.connect();
  try {
    await change.query('BEGIN');
    await change.query('UPDATE identity.accounts SET password_changed_at = now(), password_hash = $2 WHERE id = $1', [
      person.accountId,
      `$argon2id$v=19$m=64,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    ]);
    const asked = { answered: false };
    const answer = ask().finally(() => {
      asked.answered = true;
    });
    for (let waits = 0; waits === 0 && !asked.answered;) {
      const { rows } = await identity.pool.query<{ waits: number }>(
        "SELECT count(*)::int AS waits FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      waits = rows[0]?.waits ?? 0;
    }
    await change.query('COMMIT');
    return await answer;
  } finally {
    change.release();
  }
} // prettier-ignore

describe('a sign-in under way, when the password is replaced', () => {
  it('goes no further, with a factor or without, and asks for the password again', async () => {
    const person = await identity.addPerson();
    const stranger = await openPage(identity);
    expect((await givePassword(stranger, person)).body['step']).toBe('code');
    const own = await changePassword(person);
    expect(await post(stranger, 'code', { code: codeOf(person.secret, 1) })).toMatchObject({ status: 409 });
    expect(await stepOf(stranger)).toMatchObject({ step: 'password' });
    expect(await givePassword(stranger, person)).toMatchObject({ status: 401 });
    expect((await post(own, 'continue')).body['step']).toBe('done');
    expect(await liveFamilies(person)).toBe(1);
  });

  it('sets up no factor in the place of those that an approved reset takes away', async () => {
    const tenantId = grantOf().tenantId;
    const admin = await identity.addPerson({ grants: [grantOf({ tenantId, role: 'role.admin' })] });
    const person = await identity.addPerson({ grants: [grantOf({ tenantId })] });
    const approval = await openPage(identity);
    await givePassword(approval, admin);
    await post(approval, 'manage');
    await post(approval, 'code', { code: codeOf(admin.secret) });
    const { body } = await post(approval, 'approval', { email: person.email });
    await identity.pool.query('UPDATE identity.recoveries SET usable_from = now() WHERE account_id = $1', [
      person.accountId,
    ]);
    const stranger = await openPage(identity);
    await givePassword(stranger, person);
    const redeemed = await new Browser(identity.issuer).ask('/recovery/redemptions', {
      token: body['code'],
      password: 'owl-teapot',
    });
    expect(redeemed.status).toBe(200);
    expect(await stepOf(stranger)).toMatchObject({ step: 'password' });
    expect(await post(stranger, 'enrolment', { code: '123456' })).toMatchObject({ status: 409 });
  });

  it('does not begin with a password that is replaced after it was looked at', async () => {
    const person = await identity.addPerson();
    const stranger = await openPage(identity);
    const answer = await askDuringChange(person, () => givePassword(stranger, person));
    expect(answer).toMatchObject({ body: { code: 'identity-interaction-unknown' } });
    expect(await stepOf(stranger)).toMatchObject({ step: 'password' });
  });

  it('does not end in tokens while the change is being written', async () => {
    const person = await identity.addPerson();
    const stranger = await openPage(identity);
    await givePassword(stranger, person);
    const code = codeOf(person.secret);
    const answer = await askDuringChange(person, () => post(stranger, 'code', { code }));
    expect(answer).toMatchObject({ body: { code: 'identity-interaction-unknown' } });
    expect(await liveFamilies(person)).toBe(0);
  });

  it('enrols no factor while the change is being written', async () => {
    const person = await identity.addPerson({ factor: false });
    const stranger = await openPage(identity);
    const secret = String((await givePassword(stranger, person)).body['secret']);
    const code = codeOf(secret);
    const answer = await askDuringChange(person, () => post(stranger, 'enrolment', { code }));
    expect(answer).toMatchObject({ status: 401 });
    expect(await identity.accounts.findStanding(person.accountId)).toMatchObject({ hasCode: false });
  });
});

it('signs out everywhere, also where one is signed in more often than a page lists', async () => {
  const person = await identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });
  await signIn({ identity, person });
  await identity.pool.query(
    `INSERT INTO identity.token_families (grant_id, account_id, client_id, tenant_id, role, sid, expires_at)
     SELECT 'many-' || n, account_id, client_id, tenant_id, role, gen_random_uuid(), expires_at
     FROM identity.token_families, generate_series(1, 520) AS n WHERE account_id = $1`,
    [person.accountId],
  );
  const page = await openPage(identity);
  await post(page, 'password', {
    email: person.email,
    password: 'correct horse battery staple',
    manage: true,
  });
  expect((await post(page, 'sessions/end')).body['sessions']).toEqual([]);
  expect(await liveFamilies(person)).toBe(0);
}, 60_000);
