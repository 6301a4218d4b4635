import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { refreshTokenGrant } from 'openid-client';
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
import { auditOf, givePassword, openPage, post } from '../../testing/sign-in-page.ts';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
});
afterAll(() => identity.close());

const fresh = 'seven walruses in a teapot';
const patientGrant = () => grantOf({ role: 'role.patient', factorRequired: false, clinics: [], patientRecordId: randomUUID() }); // prettier-ignore

async function ask(path: string, body: object) {
  const response = await new Browser(identity.issuer).ask(`/recovery/${path}`, body);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** The letters to a person once there are `count` of them; the work goes on after the answer. */
async function letters(person: Person, count: number) {
  await expect.poll(async () => (await identity.lettersTo(person)).length).toBeGreaterThanOrEqual(count);
  return identity.lettersTo(person);
}

async function requestLink(person: Person): Promise<string> {
  const before = (await identity.lettersTo(person)).length;
  await ask('requests', { email: person.email.toUpperCase() });
  const letter = (await letters(person, before + 1)).at(-1);
  const link = new URL(/http\S+/.exec(letter?.text ?? '')?.[0] ?? '');
  expect(link.origin + link.pathname + link.search).toBe(`${identity.issuer}/recover`);
  return link.hash.slice(1);
}

describe('a patient who forgot the password', () => {
  it('gets a link by letter, sets a new one once, and is signed out everywhere', async () => {
    const person = await identity.addPerson({ factor: false, grants: [patientGrant()] });
    const { tokens, configuration } = await signIn({ identity, person });
    const token = await requestLink(person);
    expect(await ask('redemptions', { token, password: 'short' })).toMatchObject({ status: 422 });
    const answers = await Promise.all([1, 2].map(() => ask('redemptions', { token, password: fresh })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    expect(await ask('redemptions', { token, password: `${fresh}s` })).toMatchObject({
      body: { code: 'identity-recovery-refused' },
    });
    await expect(refreshTokenGrant(configuration, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    const page = await openPage(identity);
    expect(await givePassword(page, person)).toMatchObject({ status: 401 });
    expect((await post(page, 'password', { email: person.email, password: fresh })).body['step']).toBe(
      'done',
    );
    const actions = (await auditOf(identity, person.accountId)).map(({ action }) => action);
    expect(actions).toContain('account.recovery-requested');
    expect(actions).toContain('account.password-changed');
  });

  it('keeps the second step: the link replaces the password alone', async () => {
    const person = await identity.addPerson({ grants: [patientGrant()] });
    await ask('redemptions', { token: await requestLink(person), password: 'owl-teapot' });
    const page = await openPage(identity);
    const asked = await post(page, 'password', { email: person.email, password: 'owl-teapot' });
    expect(asked.body['step']).toBe('code');
  });

  it('can use a link whoever asked for another one since, and none beside one that was used', async () => {
    const person = await identity.addPerson({ factor: false, grants: [patientGrant()] });
    const links = [await requestLink(person), await requestLink(person), await requestLink(person)];
    const answers = await Promise.all(
      links.slice(0, 2).map((token) => ask('redemptions', { token, password: fresh })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    expect(await ask('redemptions', { token: links[2], password: `${fresh}s` })).toMatchObject({
      status: 401,
    });
  });

  it('can use no link that is over', async () => {
    const person = await identity.addPerson({ factor: false, grants: [patientGrant()] });
    const token = await requestLink(person);
    await identity.pool.query('UPDATE identity.recoveries SET expires_at = now() WHERE account_id = $1', [
      person.accountId,
    ]);
    expect(await ask('redemptions', { token, password: fresh })).toMatchObject({ status: 401 });
  });

  it('is answered like a stranger and like staff, who get no letter', async () => {
    const staff = await identity.addPerson();
    const answers = await Promise.all([
      ask('requests', { email: staff.email }),
      ask('requests', { email: `${randomUUID()}@clinic.example` }),
    ]);
    expect(answers).toEqual([1, 2].map(() => ({ status: 202, body: { sent: true } })));
    await expect
      .poll(() => auditOf(identity, staff.accountId))
      .toEqual([{ action: 'account.recovery-requested', reason_code: 'not-a-patient' }]);
    expect(await identity.lettersTo(staff)).toEqual([]);
  });

  it('gets no more than a few letters, whoever asks', async () => {
    const person = await identity.addPerson({ factor: false, grants: [patientGrant()] });
    for (let count = 0; count < 6; count += 1) await ask('requests', { email: person.email });
    await letters(person, 4);
    await sleep(300);
    expect((await identity.lettersTo(person)).length).toBeLessThanOrEqual(4);
  });
});

describe('an administrator’s approval', () => {
  const tenantId = randomUUID();
  const staffOf = (role: string, tenant = tenantId) => grantOf({ tenantId: tenant, role });

  async function approve(approver: Person, email: string, codeStep: 0 | 1 = 0) {
    const page = await openPage(identity);
    await givePassword(page, approver);
    await post(page, 'manage');
    await post(page, 'code', { code: codeOf(approver.secret, codeStep) });
    return post(page, 'approval', { email });
  }

  it('works after the cooling period only, resets password and factors, and both leave entries', async () => {
    const admin = await identity.addPerson({ grants: [staffOf('role.admin')] });
    const person = await identity.addPerson({ grants: [staffOf('role.clinician')] });
    const { body } = await approve(admin, person.email);
    expect(Date.parse(String(body['usableFrom'])) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    expect((await identity.lettersTo(person)).map(({ subject }) => subject)).toEqual([
      'Your sign-in is about to be reset',
    ]);
    const redeem = () => ask('redemptions', { token: body['code'], password: 'owl-teapot' });
    expect(await redeem()).toMatchObject({ status: 409, body: { code: 'identity-recovery-cooling' } });
    await identity.pool.query('UPDATE identity.recoveries SET usable_from = now() WHERE account_id = $1', [
      person.accountId,
    ]);
    expect(await redeem()).toMatchObject({ status: 200 });
    const page = await openPage(identity);
    const asked = await post(page, 'password', { email: person.email, password: 'owl-teapot' });
    expect(asked.body['step']).toBe('enrol');
    expect((await auditOf(identity, person.accountId)).map(({ action }) => action)).toContain('factor.reset');
    expect((await auditOf(identity, admin.accountId)).map(({ action }) => action)).toContain(
      'account.recovery-approved',
    );
  });

  it('is void when the person signs in with the old factor meanwhile', async () => {
    const admin = await identity.addPerson({ grants: [staffOf('role.admin')] });
    const person = await identity.addPerson({ grants: [staffOf('role.clinician')] });
    const { body } = await approve(admin, person.email);
    await signIn({ identity, person });
    expect(await ask('redemptions', { token: body['code'], password: fresh })).toMatchObject({ status: 401 });
  });

  it('is for whom one administers everywhere, never for oneself or for a higher role', async () => {
    const elsewhere = randomUUID();
    const people = {
      colleague: await identity.addPerson({
        grants: [staffOf('role.clinician'), staffOf('role.clinician', elsewhere)],
      }),
      higher: await identity.addPerson({ grants: [staffOf('role.corporateAdmin')] }),
      foreign: await identity.addPerson({ grants: [staffOf('role.clinician', elsewhere)] }),
      nobody: { email: `${randomUUID()}@clinic.example` },
    };
    for (const person of Object.values(people)) {
      const admin = await identity.addPerson({ grants: [staffOf('role.admin')] });
      expect(await approve(admin, person.email)).toMatchObject({
        status: 403,
        body: { code: 'identity-approval-refused' },
      });
    }
    const admin = await identity.addPerson({ grants: [staffOf('role.admin')] });
    expect(await approve(admin, admin.email)).toMatchObject({ status: 403 });
    const clinician = await identity.addPerson({ grants: [staffOf('role.clinician')] });
    const other = await identity.addPerson({ grants: [staffOf('role.clinician')] });
    expect(await approve(clinician, other.email)).toMatchObject({ status: 403 });
  });
});
