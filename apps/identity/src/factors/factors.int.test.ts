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
    expect((await post(page, 'enrolment', { code: codeOf(secret) })).body['step']).toBe('done');
    expect((await auditOf(identity, person.accountId)).map(({ action }) => action)).toEqual([
      'sign-in.refused',
      'factor.enrolled',
      'sign-in.completed',
    ]);
    const next = await openPage(identity);
    expect((await givePassword(next, person)).body).toEqual({ step: 'code' });
    expect(await post(next, 'code', { code: codeOf(secret) })).toMatchObject({ status: 401 });
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
});
