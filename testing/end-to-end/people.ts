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

/** Locks the console by hand, and unlocks it in the tab that opens for it; the page that was locked stays as it was. */
export async function lockAndUnlock(
  page: Page,
  account: DemoAccount,
  whileLocked: () => Promise<void>,
): Promise<void> {
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('heading', { name: 'Locked' }).waitFor();
  await whileLocked();
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: 'Unlock' }).click(),
  ]);
  // The factor alone: who sits there has signed in here today.
  await tab.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
  await tab.getByLabel('Code', { exact: true }).fill(await nextCode(account));
  await tab.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('button', { name: 'Lock' }).waitFor();
}

/** Signs out and waits for the app's first page. */
export async function signOut(page: Page, origin: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${origin}/`);
  await wayIn(page).waitFor();
}
