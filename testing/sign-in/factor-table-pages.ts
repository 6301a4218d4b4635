import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, type Person } from '../../apps/identity/testing/identity-under-test.ts';
import { launchBrowser } from '../../apps/identity/testing/virtual-authenticator.ts';
import { describeRow, makeFactorTable, type FactorRow } from './factor-table.ts';
import { buildSignInPages, givePassword, heading } from './sign-in-pages.ts';
import { startInstallation, type TestInstallation } from './start-installation.ts';

/** What the application says to the browser that stands on one of its pages. */
async function askApp(page: Page, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  return page.evaluate(`fetch('${path}', { headers: { 'x-cordon-request': '1' } })
    .then(async (answer) => ({ status: answer.status, body: await answer.json() }))`);
}

async function sendCode(page: Page, secret: string): Promise<void> {
  await page.getByLabel(/code/i).last().fill(codeOf(secret));
  await page.keyboard.press('Enter');
}

/**
 * Each row of the table through one real browser, from the application's sign-in to its first request: console for staff,
 * portal for patients, each with its own server, the provider and the engine behind them.
 */
export function testFactorTablePages(wanted: (row: FactorRow) => boolean): void {
  const table = makeFactorTable();
  const late: { installation?: TestInstallation; page?: Page; close?: () => Promise<void> } = {};
  const installation = () => late.installation as TestInstallation;

  beforeAll(async () => {
    const { pagesFolder, remove } = await buildSignInPages();
    late.installation = await startInstallation(table.plan, { portal: true, pagesFolder });
    await table.tell(installation());
    const chromium = await launchBrowser();
    late.page = await (await chromium.browser.newContext()).newPage();
    late.close = async () => {
      await chromium.close();
      await installation().close();
      await remove();
    };
  });
  afterAll(() => late.close?.());

  /** Whoever is asked for more has nothing yet: neither a session here, nor a family of tokens there. */
  async function expectOutside(page: Page, person: Person): Promise<void> {
    const asked = page.url();
    await page.goto(`${new URL(installation().consoleUrl).origin}/auth/session`);
    expect(JSON.parse(await page.locator('body').innerText())).toEqual({ signedIn: false });
    const { rows } = await installation().identity.pool.query('SELECT FROM identity.token_families WHERE account_id = $1', [person.accountId]);
    expect(rows).toEqual([]);
    await page.goto(asked);
  } // prettier-ignore

  describe('a sign-in in the browser', () => {
    it.each(table.rows.filter(wanted).map((row) => [describeRow(row), row.asks, row] as const))('of %s: %s', async (_words, asks, row) => {
      const { page } = late;
      if (!page) throw new Error('no browser');
      const person = await installation().addPerson(row.account, { factor: row.hasFactor });
      const app = row.account.role === 'role.patient' ? installation().portalUrl : installation().consoleUrl;
      await page.context().clearCookies();
      await page.goto(`${app}/auth/sign-in`);
      await givePassword(page, person);
      if (asks === 'code') {
        await heading(page, 'Enter your code');
        await expectOutside(page, person);
        await sendCode(page, person.secret);
      } else if (asks === 'enrol') {
        await heading(page, 'Add a second step');
        await expectOutside(page, person);
        await sendCode(page, (await page.locator('code.secret').innerText()).replaceAll(/\s/g, ''));
        await heading(page, 'Keep your recovery codes');
        await page.getByRole('button', { name: 'I have kept them' }).press('Enter');
      }
      await page.waitForURL(`${app}/`);
      expect(await askApp(page, '/auth/session')).toMatchObject({ body: { signedIn: true } });
      expect(await askApp(page, '/api/v1/me')).toMatchObject({ status: 200, body: { role: row.account.role, tenantId: row.account.tenantId } });
      const { factorSeconds } = (await askApp(page, '/auth/session')).body;
      expect(Number(factorSeconds) > 0, 'a factor stands in the tokens').toBe(asks !== 'done');
    });
  }); // prettier-ignore
}
