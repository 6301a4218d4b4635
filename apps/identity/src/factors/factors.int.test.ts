import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  codeOf,
  grantOf,
  startIdentityUnderTest,
  type IdentityUnderTest,
} from '../../testing/identity-under-test.ts';
import { auditOf, givePassword, openPage, post } from '../../testing/sign-in-page.ts';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
});
afterAll(() => identity.close());

describe('a second factor', () => {
  it('is enrolled before anything else where it is required and missing', async () => {
    const person = await identity.addPerson({ factor: false });
    const page = await openPage(identity);
    const asked = await givePassword(page, person);
    expect(asked.body).toMatchObject({
      step: 'enrol',
      address: expect.stringMatching(/^otpauth:\/\/totp\//) as string,
    });
    const secret = String(asked.body['secret']);
    expect((await post(page, 'continue')).body).toMatchObject({ step: 'enrol', secret });
    expect(await post(page, 'enrolment', { code: '000000' })).toMatchObject({ status: 401 });
    const code = codeOf(secret);
    expect((await post(page, 'enrolment', { code })).body['step']).toBe('recovery');
    expect((await post(page, 'continue')).body['step']).toBe('done');
    expect((await auditOf(identity, person.accountId)).map(({ action }) => action)).toEqual([
      'sign-in.refused',
      'factor.enrolled',
      'sign-in.completed',
    ]);
    const next = await openPage(identity);
    expect((await givePassword(next, person)).body).toEqual({ step: 'code', ways: ['code'] });
    expect(await post(next, 'code', { code })).toMatchObject({ status: 401 });
  });

  it('is never replaced with a password alone', async () => {
    const person = await identity.addPerson();
    const page = await openPage(identity);
    await givePassword(page, person);
    expect(await post(page, 'enrolment', { code: codeOf(person.secret) })).toMatchObject({ status: 409 });
  });

  it('is demanded of a person who needs none, when the client asks for it', async () => {
    const person = await identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });
    const page = await openPage(identity, { acr_values: 'urn:cordon:acr:mfa' });
    expect((await givePassword(page, person)).body['step']).toBe('enrol');
  });

  it('that is lost is stood in for by a recovery code, each once, also when it is typed sloppily', async () => {
    const person = await identity.addPerson({ factor: false });
    const page = await openPage(identity);
    const { body: enrolment } = await givePassword(page, person);
    const { body } = await post(page, 'enrolment', { code: codeOf(String(enrolment['secret'])) });
    const codes = body['codes'] as string[];
    expect(new Set(codes).size).toBe(10);
    const [first = '', second = ''] = codes;
    const useCode = async (code: string) => {
      const again = await openPage(identity);
      await givePassword(again, person);
      return post(again, 'code', { code });
    };
    expect((await useCode(` ${first.toUpperCase().replaceAll('-', ' ')}`)).body['step']).toBe('done');
    expect(await useCode(first)).toMatchObject({ status: 401, body: { code: 'identity-code-refused' } });
    const attempts = await Promise.all([useCode(second), useCode(second)]);
    expect(attempts.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    const stranger = await identity.addPerson();
    const foreign = await openPage(identity);
    await givePassword(foreign, stranger);
    expect(await post(foreign, 'code', { code: codes[2] })).toMatchObject({ status: 401 });
  });

  it('does not count while the audit store takes no entry of it', async () => {
    const person = await identity.addPerson({ factor: false });
    const page = await openPage(identity);
    const { body } = await givePassword(page, person);
    await identity.auditAdmin.query(
      'ALTER FUNCTION audit.append_entries(jsonb) RENAME TO append_entries_away',
    );
    const code = codeOf(String(body['secret']));
    try {
      expect(await post(page, 'enrolment', { code })).toMatchObject({ status: 503 });
    } finally {
      await identity.auditAdmin.query(
        'ALTER FUNCTION audit.append_entries_away(jsonb) RENAME TO append_entries',
      );
    }
    expect(await identity.accounts.findStanding(person.accountId)).toMatchObject({ hasCode: false });
    expect((await post(page, 'enrolment', { code })).body['step']).toBe('recovery');
  });
});
