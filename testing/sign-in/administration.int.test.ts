import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { allowInsecureRequests, clientCredentialsGrant, discovery, PrivateKeyJwt } from 'openid-client';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, password, type Person } from '../../apps/identity/testing/identity-under-test.ts';
import { SignInBrowser } from './sign-in-browser.ts';
import { startInstallation, type TestInstallation } from './start-installation.ts';

let installation: TestInstallation;
let admin: Person;
let clinician: Person;
beforeAll(async () => {
  installation = await startInstallation();
  admin = await installation.addPerson(installation.engine.account('admin'));
  clinician = await installation.addPerson(installation.engine.account('clinician'));
});
afterAll(() => installation.close());

const tenantId = () => installation.engine.account('admin').tenantId;
const [leeds, york] = [0, 1].map((index) => () => installation.engine.account('admin').clinicIds[index] ?? '') as [() => string, () => string]; // prettier-ignore

// A code counts once, and each of these sign-ins wants one.
async function manageAs(person: Person): Promise<SignInBrowser> {
  const browser = new SignInBrowser(installation);
  await browser.begin();
  await browser.post('password', { email: person.email, password, manage: true });
  await installation.identity.pool.query('UPDATE identity.factors SET last_used_step = NULL WHERE account_id = $1', [person.accountId]);
  expect((await browser.post('code', { code: codeOf(person.secret) })).body['step']).toBe('manage');
  return browser;
} // prettier-ignore

async function entries(action: string, actor: Person) {
  const { rows } = await installation.identity.auditAdmin.query<{ said: string }>(
    "SELECT decision || ' ' || reason_code || ' ' || outcome AS said FROM audit.audit_logs WHERE action = $1 AND actor_subject = $2 ORDER BY at",
    [action, actor.accountId],
  );
  return rows.map(({ said }) => said);
}

const invitation = (more: object = {}) => ({
  email: `${randomUUID()}@clinic.example`,
  displayName: 'Nadia New',
  tenantId: tenantId(),
  role: 'role.clinician',
  clinicIds: [leeds()],
  ...more,
});

describe('an invitation by an administrator', () => {
  it('leads to a password that nobody else knew, then to a second factor, and then in', async () => {
    const browser = await manageAs(admin);
    const ask = invitation();
    expect(await browser.post('invitation', ask)).toEqual({ status: 200, body: { step: 'invited' } });
    const [letter] = await installation.identity.lettersTo({ accountId: '', secret: '', email: ask.email });
    const token = /\/invitation#(\S+)/.exec(letter?.text ?? '')?.[1];

    const person = { accountId: '', email: ask.email, secret: '' };
    const newcomer = new SignInBrowser(installation);
    await newcomer.begin();
    expect(await newcomer.givePassword(person)).toMatchObject({ status: 401 });
    const fresh = 'tandem-obsidian-walrus';
    const redeem = () =>
      newcomer.browser.call(`${installation.identity.issuer}/recovery/redemptions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, password: fresh }),
      });
    expect((await redeem()).json()).toEqual({ changed: true, signInAt: `${installation.consoleUrl}/auth/sign-in` });
    expect((await redeem()).status).toBe(401);

    const asked = await newcomer.post('password', { email: ask.email, password: fresh });
    expect(asked.body['step']).toBe('enrol');
    expect(await newcomer.post('tenant', { tenantId: tenantId(), role: 'role.clinician' })).toMatchObject({ status: 409 });
    const code = new TOTP({ secret: Secret.fromBase32(String(asked.body['secret'])) }).generate();
    expect((await newcomer.post('enrolment', { code })).body['step']).toBe('recovery');
    expect((await newcomer.arrive(await newcomer.post('continue'))).status).toBe(200);
    expect((await newcomer.call('/api/v1/me')).json()).toMatchObject({ role: 'role.clinician', clinics: [{ id: leeds() }] });

    expect(await entries('account.invited', admin)).toEqual(['permit administrator success']);
    // The outcome is the relay's, in nobody's name.
    expect(await entries('membership.granted', admin)).toEqual(['permit granted intent']);
  });

  it('of somebody who has an account adds the role and tells nobody more than that', async () => {
    const browser = await manageAs(admin);
    const ask = invitation({ email: clinician.email, clinicIds: [york()] });
    expect(await browser.post('invitation', ask)).toEqual({ status: 200, body: { step: 'invited' } });
    const letters = await installation.identity.lettersTo(clinician);
    expect(letters.map(({ subject }) => subject)).toEqual(['You have a new role']);
    expect(letters[0]?.text).not.toContain('recover');
  });

  it('is refused beyond what the inviter administers, and leaves an entry', async () => {
    const river = installation.engine.account('clinician of riverside');
    const browser = await manageAs(admin);
    for (const more of [
      { role: 'role.admin' },
      { role: 'role.corporateAdmin', clinicIds: [] },
      { role: 'role.auditor', clinicIds: [] },
      { clinicIds: [] },
      { clinicIds: [randomUUID()] },
      { tenantId: river.tenantId, clinicIds: river.clinicIds },
      { email: admin.email },
    ]) {
      const answer = await browser.post('invitation', invitation(more));
      expect(answer, JSON.stringify(more)).toMatchObject({ status: 403, body: { code: 'identity-invitation-refused' } });
    }
    expect(await browser.post('invitation', invitation({ role: 'role.patient' }))).toMatchObject({ status: 400 });
    const { rows } = await installation.identity.pool.query('SELECT FROM identity.accounts');
    expect(rows).toHaveLength(3);
    expect((await entries('account.invited', admin)).filter((each) => each.startsWith('deny not-administered'))).toHaveLength(7);
  });

  it('is refused to people who administer nothing, and before the second factor', async () => {
    const browser = await manageAs(clinician);
    expect(await browser.post('invitation', invitation())).toMatchObject({ status: 403 });
    const early = new SignInBrowser(installation);
    await early.begin();
    await early.post('password', { email: admin.email, password, manage: true });
    expect(await early.post('invitation', invitation())).toMatchObject({ status: 409 });
  });

  it('by a corporate administrator may make an administrator', async () => {
    const corporate = await installation.addPerson(installation.engine.account('corporate admin'));
    const browser = await manageAs(corporate);
    const { administers } = (await browser.post('manage')).body as { administers: { clinics: { id: string }[] }[] };
    expect(administers).toMatchObject([{ tenantId: tenantId(), wholeTenant: true }]);
    expect(administers[0]?.clinics.map(({ id }) => id).toSorted()).toEqual([leeds(), york()].toSorted());
    const ask = invitation({ role: 'role.admin', clinicIds: [leeds(), york()] });
    expect(await browser.post('invitation', ask)).toMatchObject({ status: 200 });
  });
}); // prettier-ignore

describe('an integration that an administrator registers', () => {
  const clientId = 'lab-results';

  async function makeKey() {
    const pair = await generateKeyPair('ES256');
    const { x, y } = await exportJWK(pair.publicKey);
    return { privateKey: pair.privateKey, publicKey: { kty: 'EC', crv: 'P-256', x, y, kid: 'lab-1' } };
  }

  it('gets tokens by its key for its clinic alone, until it is ended', async () => {
    const browser = await manageAs(admin);
    const { privateKey, publicKey } = await makeKey();
    const scopes = [`clinic/${leeds()}.read`];
    const ask = { clientId, tenantId: tenantId(), role: 'role.receptionist', scopes, publicKey };
    expect(await browser.post('service-client', ask)).toEqual({ status: 200, body: { step: 'registered' } });
    expect(await browser.post('service-client', ask)).toMatchObject({ status: 409, body: { code: 'identity-client-exists' } });
    expect(await browser.post('service-client', { ...ask, clientId: 'console' })).toMatchObject({ status: 409 });

    const take = async () => {
      const configuration = await discovery(new URL(installation.identity.issuer), clientId, undefined, PrivateKeyJwt({ key: privateKey, kid: 'lab-1' }), {
        execute: [allowInsecureRequests], // eslint-disable-line @typescript-eslint/no-deprecated -- loopback only
      });
      return clientCredentialsGrant(configuration, {});
    };
    const tokens = await take();
    expect(tokens.scope).toBe(scopes[0]);
    const list = (clinicId: string) =>
      fetch(`${installation.engine.running.url}/v1/patients?clinicId=${clinicId}`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(await (await list(leeds())).json()).toMatchObject({ items: [{}] });
    expect(await (await list(york())).json()).toMatchObject({ items: [] });

    expect(await browser.post('service-client/end', { clientId, tenantId: tenantId() })).toMatchObject({ status: 200 });
    await expect(take()).rejects.toMatchObject({ status: 401 });
    expect(await entries('account.service-registered', admin)).toEqual(['permit administrator success']);
    expect(await entries('account.service-ended', admin)).toEqual(['permit administrator success']);
  });

  it('is refused beyond what the administrator has, and to people who administer nothing', async () => {
    const river = installation.engine.account('clinician of riverside');
    const { publicKey } = await makeKey();
    const ask = { clientId: 'lab-other', tenantId: tenantId(), role: 'role.clinician', scopes: [`clinic/${leeds()}.read`], publicKey };
    const browser = await manageAs(admin);
    const foreign = { ...ask, tenantId: river.tenantId, scopes: [`clinic/${river.clinicIds[0] ?? ''}.read`] };
    expect(await browser.post('service-client', foreign)).toMatchObject({ status: 403 });
    expect(await browser.post('service-client', { ...ask, role: 'role.admin' })).toMatchObject({ status: 400 });
    expect(await browser.post('service-client', { ...ask, publicKey: { ...publicKey, d: 'AAAA' } })).toMatchObject({ status: 400 });
    expect(await browser.post('service-client/end', { clientId: 'console', tenantId: tenantId() })).toMatchObject({ status: 403 });
    expect(await (await manageAs(clinician)).post('service-client', ask)).toMatchObject({ status: 403 });
  });
}); // prettier-ignore
