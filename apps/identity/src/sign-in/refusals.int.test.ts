import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  codeOf,
  grantOf,
  password,
  startIdentityUnderTest,
  type IdentityUnderTest,
} from '../../testing/identity-under-test.ts';
import { signIn } from '../../testing/relying-party.ts';
import { auditOf, givePassword, openPage, post } from '../../testing/sign-in-page.ts';
import { addressLane } from '../attempts/attempts.ts';
import { deriveKeys, hashLane } from '../keys.ts';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await startIdentityUnderTest();
});
afterAll(() => identity.close());

describe('a sign-in is refused', () => {
  it('with one and the same answer for a wrong password, an unknown address and a suspended account', async () => {
    const person = await identity.addPerson();
    const suspended = await identity.addPerson();
    await identity.pool.query("UPDATE identity.accounts SET state = 'suspended' WHERE id = $1", [
      suspended.accountId,
    ]);
    const page = await openPage(identity);
    const answers = [
      await post(page, 'password', { email: person.email, password: 'wrong' }),
      await post(page, 'password', { email: 'nobody@clinic.example', password }),
      await givePassword(page, suspended),
    ];
    for (const { status, body } of answers) {
      expect({ ...body, requestId: '' }).toEqual({ ...answers[0]?.body, requestId: '' });
      expect({ status, code: body['code'] }).toEqual({ status: 401, code: 'identity-credentials-refused' });
    }
    expect(await auditOf(identity, suspended.accountId)).toEqual([
      { action: 'sign-in.refused', reason_code: 'account-not-active' },
    ]);
  });

  it('for a while after too many failures, in the strangers’ lane only: a known browser still gets in', async () => {
    const person = await identity.addPerson();
    const { browser } = await signIn({ identity, person });
    const stranger = await openPage(identity);
    const guess = async (guessed: string) =>
      stranger.browser.ask(`${stranger.page}/password`, { email: person.email, password: guessed });
    const statuses: number[] = [];
    // Ten are free; each wait is twice the one before, so even a slow machine meets one soon.
    while (!statuses.includes(429) && statuses.length < 20) statuses.push((await guess('wrong')).status);
    expect(statuses.length).toBeGreaterThan(11);
    expect(statuses).toEqual([...Array<number>(statuses.length - 1).fill(401), 429]);
    await identity.pool.query(
      `UPDATE identity.attempts SET blocked_until = now() + interval '5 minutes' WHERE blocked_until IS NOT NULL`,
    );
    const response = await guess(password);
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    const { tokens } = await signIn({ identity, person, browser, codeStep: 1 });
    expect(tokens.access_token).toBeTypeOf('string');
  });

  /** As after many failures, for as long as the test takes. */
  async function withBlocked(names: readonly string[], run: () => Promise<void>): Promise<void> {
    const { laneKey } = deriveKeys(identity.settings.identityKey);
    const lanes = names.map((name) => hashLane(laneKey, name));
    await identity.pool.query(
      `INSERT INTO identity.attempts (lane, failures, blocked_until)
       SELECT each, 200, now() + interval '5 minutes' FROM unnest($1::bytea[]) AS each
       ON CONFLICT (lane) DO UPDATE SET blocked_until = excluded.blocked_until`,
      [lanes],
    );
    try {
      await run();
    } finally {
      await identity.pool.query('DELETE FROM identity.attempts WHERE lane = ANY ($1)', [lanes]);
    }
  }

  it('for strangers at an address where all has failed, and for no browser that signed in from there before', async () => {
    const person = await identity.addPerson();
    const { browser } = await signIn({ identity, person });
    await withBlocked(['127.0.0.1', '::1'].map(addressLane), async () => {
      expect(await givePassword(await openPage(identity), person)).toMatchObject({ status: 429 });
      expect((await signIn({ identity, person, browser, codeStep: 1 })).tokens.access_token).toBeTypeOf(
        'string',
      );
    });
  });

  it('for a stranger who has the password and guessed codes, and for no browser that signed in before', async () => {
    const person = await identity.addPerson();
    const { browser } = await signIn({ identity, person });
    const stranger = await openPage(identity);
    await givePassword(stranger, person);
    await withBlocked([`code:${person.accountId}`], async () => {
      expect(await post(stranger, 'code', { code: codeOf(person.secret) })).toMatchObject({ status: 429 });
      expect((await signIn({ identity, person, browser, codeStep: 1 })).tokens.access_token).toBeTypeOf(
        'string',
      );
    });
  });

  it('counts guesses that arrive together', async () => {
    const page = await openPage(identity);
    const guesses = Array.from({ length: 40 }, () =>
      post(page, 'password', { email: 'many@clinic.example', password: 'x' }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    // Ten are free; each wait is twice the one before, so even a slow machine lets few more through.
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(20);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
  });

  it('with a code that is wrong, or was used before', async () => {
    const person = await identity.addPerson();
    const page = await openPage(identity);
    await givePassword(page, person);
    const code = codeOf(person.secret);
    const wrong = code === '000000' ? '000001' : '000000';
    expect(await post(page, 'code', { code: wrong })).toMatchObject({
      status: 401,
      body: { code: 'identity-code-refused' },
    });
    expect((await post(page, 'code', { code })).body['step']).toBe('done');
    const again = await openPage(identity);
    await givePassword(again, person);
    expect(await post(again, 'code', { code })).toMatchObject({
      status: 401,
      body: { code: 'identity-code-refused' },
    });
  });

  it('for all but one of many windows that enter the same code at once', async () => {
    const person = await identity.addPerson();
    const pages = await Promise.all(Array.from({ length: 4 }, () => openPage(identity)));
    for (const page of pages) await givePassword(page, person);
    const code = codeOf(person.secret);
    const answers = await Promise.all(pages.map((page) => post(page, 'code', { code })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401]);
  });

  it.each([
    ['at once without a factor', false],
    ['after the factor: a password alone is not told', true],
  ])('for a person whom the engine knows for nothing, %s', async (_when, factor) => {
    const person = await identity.addPerson({ grants: [], factor });
    const page = await openPage(identity);
    let answer = await givePassword(page, person);
    if (factor) {
      expect(answer).toMatchObject({ status: 200, body: { step: 'code' } });
      answer = await post(page, 'code', { code: codeOf(person.secret) });
    }
    expect(answer).toMatchObject({ status: 403, body: { code: 'identity-no-access' } });
    expect(await auditOf(identity, person.accountId)).toMatchObject([{ reason_code: 'identity-no-access' }]);
  });

  it('while the engine gives no answer', async () => {
    const person = await identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });
    const page = await openPage(identity);
    identity.engine.away = true;
    try {
      expect(await givePassword(page, person)).toMatchObject({
        status: 503,
        body: { code: 'identity-engine-unavailable' },
      });
    } finally {
      identity.engine.away = false;
    }
    expect((await post(page, 'continue')).body['step']).toBe('done');
  });

  it('while the audit store takes no entry', async () => {
    const person = await identity.addPerson({ factor: false, grants: [grantOf({ factorRequired: false })] });
    const page = await openPage(identity);
    await identity.auditAdmin.query(
      'ALTER FUNCTION audit.append_entries(jsonb) RENAME TO append_entries_away',
    );
    try {
      expect(await givePassword(page, person)).toMatchObject({
        status: 503,
        body: { code: 'identity-audit-unavailable' },
      });
    } finally {
      await identity.auditAdmin.query(
        'ALTER FUNCTION audit.append_entries_away(jsonb) RENAME TO append_entries',
      );
    }
    expect((await post(page, 'continue')).body['step']).toBe('done');
  });

  it('when a step is taken before its turn, or twice', async () => {
    const person = await identity.addPerson();
    const page = await openPage(identity);
    expect(await post(page, 'code', { code: codeOf(person.secret) })).toMatchObject({ status: 409 });
    expect(await post(page, 'continue')).toMatchObject({ status: 409 });
    await givePassword(page, person);
    expect((await post(page, 'continue')).body).toEqual({ step: 'code', ways: ['code'] });
    const [grant] = identity.engine.grants.get(person.accountId) ?? [];
    const skipped = await post(page, 'tenant', { tenantId: grant?.tenantId, role: grant?.role });
    expect(skipped).toMatchObject({ status: 409, body: { code: 'identity-step-refused' } });
    await post(page, 'code', { code: codeOf(person.secret) });
    expect(await post(page, 'continue')).toMatchObject({ status: 409 });
  });

  it('for another browser that knows the address of the sign-in page', async () => {
    const { page } = await openPage(identity);
    const other = await openPage(identity);
    const answer = await post({ browser: other.browser, page }, 'password', {
      email: 'a@b.example',
      password,
    });
    expect(answer).toMatchObject({ status: 410, body: { code: 'identity-interaction-unknown' } });
  });

  it('when another site sends it', async () => {
    const { browser, page } = await openPage(identity);
    const body = { email: 'a@b.example', password };
    const foreign = await browser.ask(`${page}/password`, body, { 'sec-fetch-site': 'cross-site' });
    const bare = await browser.ask(`${page}/password`, body, { 'x-cordon-request': '0' });
    expect([foreign.status, bare.status]).toEqual([403, 403]);
  });

  it('when a body is not what the interface says, without quoting it', async () => {
    const page = await openPage(identity);
    const answer = await post(page, 'password', {
      email: 'canary@clinic.example',
      password: 'x'.repeat(600),
    });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'request-invalid', fields: [{ field: 'password' }] },
    });
    expect(JSON.stringify(answer.body)).not.toContain('canary');
  });
});
