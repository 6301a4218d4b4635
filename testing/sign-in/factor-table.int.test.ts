import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '../../apps/identity/testing/relying-party.ts';
import { givePassword, openPage, post } from '../../apps/identity/testing/sign-in-page.ts';
import { describeRow, makeFactorTable } from './factor-table.ts';
import { startInstallation, type TestInstallation } from './start-installation.ts';

const table = makeFactorTable();
let installation: TestInstallation;
beforeAll(async () => {
  installation = await startInstallation(table.plan);
  await table.tell(installation);
});
afterAll(() => installation.close());

async function ask(token: string): Promise<number> {
  const answer = await fetch(`${installation.engine.running.url}/v1/me`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return answer.status;
}

describe('a sign-in by raw HTTP', () => {
  it.each(table.rows.map((row) => [describeRow(row), row.asks, row] as const))('of %s: %s', async (_words, asks, row) => {
    const { identity } = installation;
    const person = await installation.addPerson(row.account, { factor: row.hasFactor });
    const page = await openPage(identity);
    expect((await givePassword(page, person)).body['step']).toBe(asks);

    if (asks !== 'done') {
      // Whatever is sent in place of the proof, no code for tokens comes of it.
      const { tenantId, role } = row.account;
      for (const [step, body] of [['continue', {}], ['tenant', { tenantId, role }], ['manage', {}], ['code', { code: '000000' }], ['recovery-codes', {}]] as const)
        expect((await post(page, step, body)).body['step'], step).not.toBe('done');
      const bent = await page.browser.open(page.page.replace('/interaction/', '/authorize/'));
      expect(bent.headers.get('location') ?? '').not.toContain('code=');
    }
    if (asks === 'enrol') {
      expect((await identity.pool.query('SELECT FROM identity.token_families WHERE account_id = $1', [person.accountId])).rows).toEqual([]);
      return;
    }
    const { tokens } = await signIn({ identity, person });
    expect(await ask(tokens.access_token)).toBe(200);
    expect(tokens.claims()?.['acr']).toBe(`urn:cordon:acr:${row.hasFactor ? 'mfa' : 'password'}`);
  });
}); // prettier-ignore
