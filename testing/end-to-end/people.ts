import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { oneTimeCode } from '../../apps/cli/src/demo/one-time-code.ts';
import type { DemoAccount } from '../../apps/cli/src/up/demo-file.ts';

/** The last code of each person: one works once, so the next sign-in waits for the next. */
const used = new Map<string, string>();

async function nextCode(account: DemoAccount): Promise<string> {
  for (;;) {
    const code = oneTimeCode(account);
    if (used.get(account.email) !== code) {
      used.set(account.email, code);
      return code;
    }
    await sleep(500);
  }
}

/** The portal's links that lead on are announced as buttons. */
function wayIn(page: Page): Locator {
  return page.getByRole('link', { name: 'Sign in' }).or(page.getByRole('button', { name: 'Sign in' }));
}

/**
 * Signs a person in the way people do, from the page they wanted to see. `look` is called with each page on the way.
 */
export async function signIn(
  page: Page,
  wanted: string,
  account: DemoAccount,
  look: (name: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await page.goto(wanted);
  await wayIn(page).waitFor();
  await look(`${account.app}-welcome`);
  await wayIn(page).click();
  await page.getByLabel('E-mail address').fill(account.email);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await look('sign-in-password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  if (account.totpSecret !== undefined) {
    await page.getByRole('heading', { name: 'Enter your code' }).waitFor();
    await look('sign-in-code');
    await page.getByLabel('Code', { exact: true }).fill(await nextCode(account));
    await page.getByRole('button', { name: 'Continue' }).click();
  }
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** Signs out and waits for the app's first page. */
export async function signOut(page: Page, origin: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${origin}/`);
  await wayIn(page).waitFor();
}
