import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAuthorizationUrlWithPAR, randomPKCECodeVerifier } from 'openid-client';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  codeOf,
  grantOf,
  password,
  startIdentityUnderTest,
  type IdentityUnderTest,
  type Person,
} from '../../apps/identity/testing/identity-under-test.ts';
import { discover, requestParameters } from '../../apps/identity/testing/relying-party.ts';
import { addVirtualAuthenticator, launchBrowser } from '../../apps/identity/testing/virtual-authenticator.ts';
import { lookAtPage } from '../end-to-end/look-at-page.ts';

/** Where the console would be, somebody answers. */
const relyingParty = createServer((_request, response) => response.end('signed in'));
let consoleUrl: string;
let folder: string;
let identity: IdentityUnderTest;
let chromium: Awaited<ReturnType<typeof launchBrowser>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-sign-in-pages-'));
  await build({
    configFile: fileURLToPath(new URL('../../apps/identity/ui/vite.config.ts', import.meta.url)),
    logLevel: 'silent',
    build: { outDir: join(folder, 'ui'), emptyOutDir: true },
  });
  await new Promise<void>((resolve) => relyingParty.listen(0, 'localhost', resolve));
  consoleUrl = `http://localhost:${(relyingParty.address() as AddressInfo).port}`;
  identity = await startIdentityUnderTest({ consoleUrl, pagesFolder: join(folder, 'ui/') });
  chromium = await launchBrowser();
});
afterAll(async () => {
  await chromium.close();
  await identity.close();
  relyingParty.closeAllConnections();
  relyingParty.close();
  await rm(folder, { recursive: true });
});

async function open(path?: string): Promise<Page> {
  const page = await (await chromium.browser.newContext()).newPage();
  const parameters = await requestParameters(randomPKCECodeVerifier(), {
    redirect_uri: `${consoleUrl}/auth/callback`,
  });
  const url = path ?? (await buildAuthorizationUrlWithPAR(await discover(identity), parameters)).href;
  await page.goto(new URL(url, identity.issuer).href);
  return page;
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const callback = (page: Page) => page.waitForURL(`${consoleUrl}/auth/callback?code=*`);

/** By the keyboard alone: the field, Tab to the next, Enter to send. */
async function givePassword(page: Page, person: Person, key = 'Enter'): Promise<void> {
  await page.getByLabel('E-mail address').focus();
  await page.keyboard.type(person.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press(key);
}

describe('the sign-in pages, by keyboard, on a phone and on a desk', { timeout: 90_000 }, () => {
  it('lead through password, a wrong code that is said where it belongs, and the right one', async () => {
    const person = await identity.addPerson();
    const page = await open();
    await heading(page, 'Sign in');
    expect(await lookAtPage(page, 'identity-password')).toEqual([]);
    await givePassword(page, person);
    const code = page.getByLabel(/code/i).first();
    await code.waitFor();
    expect(await lookAtPage(page, 'identity-code')).toEqual([]);
    await code.focus();
    await page.keyboard.type('000000');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await lookAtPage(page, 'identity-code-refused')).toEqual([]);
    await code.fill('');
    await code.focus();
    await page.keyboard.type(codeOf(person.secret));
    await Promise.all([callback(page), page.keyboard.press('Enter')]);
    expect(new URL(page.url()).searchParams.get('iss')).toBe(identity.issuer);
    await page.context().close();
  });

  it('lead through setting up a factor, recovery codes and the choice of a place', async () => {
    const grants = [grantOf(), grantOf({ tenantName: 'South Street Dental' })];
    const person = await identity.addPerson({ factor: false, grants });
    const page = await open();
    await givePassword(page, person);
    const secret = page.locator('code.secret').first();
    await secret.waitFor();
    expect(await lookAtPage(page, 'identity-enrol')).toEqual([]);
    const code = page.getByLabel(/code/i).last();
    await code.focus();
    await page.keyboard.type(codeOf((await secret.innerText()).replaceAll(/\s/g, '')));
    await page.keyboard.press('Enter');
    await heading(page, 'Keep your recovery codes');
    expect(await lookAtPage(page, 'identity-recovery-codes')).toEqual([]);
    await page.getByRole('button', { name: 'I have kept them' }).focus();
    await page.keyboard.press('Enter');
    await heading(page, 'Where are you working?');
    expect(await lookAtPage(page, 'identity-tenant')).toEqual([]);
    await page.getByRole('radio').last().focus();
    await page.keyboard.press('Space');
    await Promise.all([callback(page), page.keyboard.press('Enter')]);
    await page.context().close();
  });

  it('take a passkey as the factor, set up by keyboard, and ask for it the next time', async () => {
    const person = await identity.addPerson({ factor: false });
    const page = await open();
    await addVirtualAuthenticator(page);
    await givePassword(page, person);
    await page.getByRole('button', { name: /passkey/i }).press('Enter');
    await heading(page, 'Keep your recovery codes');
    await page.getByRole('button', { name: 'I have kept them' }).focus();
    await Promise.all([callback(page), page.keyboard.press('Enter')]);
    const parameters = await requestParameters(randomPKCECodeVerifier(), { redirect_uri: `${consoleUrl}/auth/callback` });
    await page.goto((await buildAuthorizationUrlWithPAR(await discover(identity), parameters)).href);
    await givePassword(page, person);
    await page.getByRole('button', { name: /passkey/i }).waitFor();
    expect(await lookAtPage(page, 'identity-passkey')).toEqual([]);
    await page.context().close();
  });

  it('let an administrator invite somebody, who chooses a password at the link of the letter', async () => {
    const admin = await identity.addPerson({ grants: [grantOf({ role: 'role.admin' })] });
    const page = await open();
    await page.getByLabel(/change how i sign in/i).check();
    await givePassword(page, admin);
    await page.getByLabel(/code/i).first().fill(codeOf(admin.secret));
    await page.keyboard.press('Enter');
    await heading(page, 'How you sign in');
    expect(await lookAtPage(page, 'identity-manage')).toEqual([]);
    const email = 'nadia@clinic.example';
    await page.getByLabel('Name', { exact: true }).fill('Nadia New');
    await page.getByLabel('E-mail address at work').fill(email);
    await page.keyboard.press('Enter');
    await heading(page, 'The invitation is on its way');
    expect(await lookAtPage(page, 'identity-invited')).toEqual([]);

    const [letter] = await identity.lettersTo({ accountId: '', secret: '', email });
    const link = /http:\S+/.exec(letter?.text ?? '')?.[0];
    const newcomer = await open(link);
    expect(await lookAtPage(newcomer, 'identity-recover')).toEqual([]);
    await newcomer.getByLabel(/password/i).first().fill('tandem-obsidian-walrus');
    await newcomer.keyboard.press('Enter');
    await newcomer.getByText(/password/i).first().waitFor();
    await expect.poll(async () => (await identity.lettersTo({ accountId: '', secret: '', email })).length).toBe(2);
    await newcomer.context().close();
    await page.context().close();
  });
}); // prettier-ignore
