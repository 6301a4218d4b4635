import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startIdentityUnderTest, type IdentityUnderTest } from '../../testing/identity-under-test.ts';
import { openPage, post } from '../../testing/sign-in-page.ts';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
});
afterAll(() => identity.close());

/** What a wrong password costs: each statement that identity sends, in order, without values. */
async function observeSignIn(email: string) {
  const page = await openPage(identity);
  const statements: string[] = [];
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the connection that it was called on
  const send = Client.prototype.query as (this: Client, ...given: unknown[]) => unknown;
  const spy = vi.spyOn(Client.prototype, 'query').mockImplementation(function (
    this: Client,
    ...given: unknown[]
  ) {
    const [statement] = given;
    if (typeof statement === 'object' && statement && 'text' in statement)
      statements.push(String(statement.text));
    return send.apply(this, given);
  });
  try {
    const answer = await post(page, 'password', { email, password: 'not the right password' });
    return { answer: { status: answer.status, ...answer.body, requestId: '' }, statements };
  } finally {
    spy.mockRestore();
  }
}

describe('a wrong password', () => {
  it('has one answer and walks one way, whether the account is there, suspended, without a password, or not there', async () => {
    const [known, suspended, invited] = await Promise.all([
      identity.addPerson(),
      identity.addPerson(),
      identity.addPerson(),
    ]);
    await identity.pool.query("UPDATE identity.accounts SET state = 'suspended' WHERE id = $1", [suspended.accountId]);
    await identity.pool.query('UPDATE identity.accounts SET password_hash = NULL, password_changed_at = NULL WHERE id = $1', [invited.accountId]);
    const nobody = await observeSignIn(`${randomUUID()}@clinic.example`);
    expect(nobody.answer).toMatchObject({ status: 401, code: 'identity-credentials-refused' });
    expect(nobody.statements.length).toBeGreaterThan(4);
    for (const person of [known, suspended, invited]) expect(await observeSignIn(person.email)).toEqual(nobody);
  });
}); // prettier-ignore
