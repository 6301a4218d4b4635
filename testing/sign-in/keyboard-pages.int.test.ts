import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, grantOf, password } from '../../apps/identity/testing/identity-under-test.ts';
import { addVirtualAuthenticator } from '../../apps/identity/testing/virtual-authenticator.ts';
import { lookAtPage } from '../end-to-end/look-at-page.ts';
import { givePassword, heading, SignInPages, tabTo } from './sign-in-pages.ts';

let pages: SignInPages;
beforeAll(async () => {
  pages = await SignInPages.start();
});
afterAll(() => pages.close());

const callback = (page: Page) => page.waitForURL(`${pages.callbackUrl}?code=*`);
const forgetCodes = () => pages.identity.pool.query('UPDATE identity.factors SET last_used_step = NULL');

/** A request for the factor of whoever signed in on that page. */
async function confirmUrl(signedIn: Page): Promise<string> {
  const { id_token: hint } = await pages.takeTokens(signedIn);
  return pages.requestUrl({ acr_values: 'urn:cordon:acr:mfa', prompt: 'login', id_token_hint: hint ?? '' });
}

async function openBeside(page: Page, url: string): Promise<Page> {
  const next = await page.context().newPage();
  await next.goto(url);
  return next;
}

describe('by the keyboard alone', () => {
  it('a passkey is set up, is used at the next sign-in, and one touch confirms', async () => {
    const person = await pages.identity.addPerson({ factor: false });
    const page = await pages.open();
    await addVirtualAuthenticator(page);
    await heading(page, 'Sign in');
    await tabTo(page, /E-mail address/);
    await page.keyboard.type(person.email);
    await tabTo(page, /^Password/);
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await heading(page, 'Add a second step');
    await tabTo(page, /Set up a passkey/);
    await page.keyboard.press('Enter');
    await heading(page, 'Keep your recovery codes');
    await tabTo(page, /I have kept them/);
    await Promise.all([callback(page), page.keyboard.press('Enter')]);

    await page.goto(await pages.requestUrl());
    await givePassword(page, person);
    await heading(page, 'Confirm that it is you');
    await tabTo(page, /Use a passkey/);
    await Promise.all([callback(page), page.keyboard.press('Enter')]);

    // The authenticator answers by itself, as a person does by touching it: nothing is pressed on the page.
    await page.goto(await confirmUrl(page));
    await callback(page);
    expect((await pages.takeTokens(page)).claims()?.['amr']).toEqual(['pwd', 'pop', 'mfa']);
    await page.goto(await pages.requestUrl());
    await givePassword(page, person);
    await heading(page, 'Confirm that it is you');
    expect(await lookAtPage(page, 'identity-passkey')).toEqual([]);
    await page.context().close();
  });

  it('a code confirms, and the password stays a way of its own', async () => {
    const person = await pages.identity.addPerson();
    const page = await pages.open();
    await givePassword(page, person);
    await page.getByLabel(/code/i).first().fill(codeOf(person.secret));
    await Promise.all([callback(page), page.keyboard.press('Enter')]);
    const url = await confirmUrl(page);
    await forgetCodes();
    const confirming = await openBeside(page, url);
    await heading(confirming, 'Confirm that it is you');
    expect(await lookAtPage(confirming, 'identity-confirm')).toEqual([]);
    await tabTo(confirming, /Sign in with your password instead/);
    await confirming.keyboard.press('Enter');
    await heading(confirming, 'Sign in');
    await confirming.reload();
    await heading(confirming, 'Confirm that it is you');
    await tabTo(confirming, /^Code/);
    await confirming.keyboard.type(codeOf(person.secret));
    await Promise.all([callback(confirming), confirming.keyboard.press('Enter')]);
    await page.context().close();
  });

  it('somebody who forgot the password asks for a link, or uses the code of an administrator', async () => {
    const page = await pages.open('/recover');
    await heading(page, 'Forgot your password?');
    expect(await lookAtPage(page, 'identity-recover-ask')).toEqual([]);
    await tabTo(page, /E-mail address/);
    await page.keyboard.type('somebody@clinic.example');
    await page.keyboard.press('Enter');
    await heading(page, 'Look into your mailbox');
    expect(await lookAtPage(page, 'identity-recover-sent')).toEqual([]);
    await page.goto(`${pages.identity.issuer}/recover`);
    await tabTo(page, /^Code/);
    await page.keyboard.type('no-such-code-of-anybody');
    await page.keyboard.press('Enter');
    await heading(page, 'Choose a new password');
    await tabTo(page, /New password/);
    await page.keyboard.type('tandem-obsidian-walrus');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByText('not valid any more').waitFor();
    expect(await lookAtPage(page, 'identity-recover-refused')).toEqual([]);
    await tabTo(page, /Enter another code/);
    await page.keyboard.press('Enter');
    await heading(page, 'Forgot your password?');
    await page.context().close();
  });

  it('a person agrees to what somebody else’s application may do, or does not', async () => {
    const person = await pages.identity.addPerson({
      grants: [
        grantOf({
          clinics: [
            { id: 'a1b2c3d4-1111-4111-8111-a1b2c3d4e5f6', name: 'North Street' },
            { id: 'a1b2c3d4-2222-4222-8222-a1b2c3d4e5f6', name: 'Mill Lane' },
          ],
        }),
      ],
    });
    const ask = async (context?: BrowserContext): Promise<Page> => {
      const query = new URLSearchParams({
        client_id: 'letter-writer',
        response_type: 'code',
        redirect_uri: pages.lettersUrl,
        scope: 'openid profile',
        code_challenge: 'a'.repeat(43),
        code_challenge_method: 'S256',
      });
      const page = await pages.open(`/authorize?${query.toString()}`, context);
      await forgetCodes();
      await givePassword(page, person);
      await page.getByLabel(/code/i).first().fill(codeOf(person.secret));
      await page.keyboard.press('Enter');
      await heading(page, 'Allow Letter writer?');
      return page;
    };
    const page = await ask();
    expect(await lookAtPage(page, 'identity-consent')).toEqual([]);
    await page.getByText('your name and').waitFor();
    await tabTo(page, /^Allow/);
    await Promise.all([page.waitForURL(/letters\?code=/), page.keyboard.press('Enter')]);
    const again = await ask(page.context());
    await tabTo(again, /Do not allow/);
    await Promise.all([again.waitForURL(/letters\?error=access_denied/), again.keyboard.press('Enter')]);
    await page.context().close();
  });

  it('a password that somebody else made up is changed first', async () => {
    const person = await pages.identity.addPerson({
      mustChangePassword: true,
      factor: false,
      grants: [grantOf({ factorRequired: false })],
    });
    const page = await pages.open();
    await givePassword(page, person);
    await page.getByLabel('New password').waitFor();
    expect(await lookAtPage(page, 'identity-new-password')).toEqual([]);
    await tabTo(page, /New password/);
    await page.keyboard.type('short');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await tabTo(page, /New password/);
    await page.keyboard.type('a tandem of obsidian walruses');
    await Promise.all([callback(page), page.keyboard.press('Enter')]);
    await page.context().close();
  });
});

describe('a desk that several people share', () => {
  it('hands itself over: whoever signs in next ends the sign-in of the one before', async () => {
    const [first, second] = [await pages.identity.addPerson(), await pages.identity.addPerson()];
    const page = await pages.open();
    for (const person of [first, second]) {
      if (person === second) await page.goto(await pages.requestUrl());
      await givePassword(page, person);
      await page.getByLabel(/code/i).first().fill(codeOf(person.secret));
      await Promise.all([callback(page), page.keyboard.press('Enter')]);
    }
    expect((await pages.takeTokens(page)).claims()?.sub).toBe(second.accountId);
    const { rows } = await pages.identity.pool.query<{ account_id: string; ended: boolean }>(
      'SELECT account_id, revoked_at IS NOT NULL AS ended FROM identity.token_families WHERE account_id = ANY ($1) ORDER BY created_at',
      [[first.accountId, second.accountId]],
    );
    expect(rows).toEqual([{ account_id: first.accountId, ended: true }, { account_id: second.accountId, ended: false }]);

    await page.goto(`${pages.identity.issuer}/sign-out`);
    await heading(page, 'Sign out?');
    expect(await lookAtPage(page, 'identity-sign-out')).toEqual([]);
    await tabTo(page, /Sign out/);
    await page.keyboard.press('Enter');
    await heading(page, 'You are signed out');
    expect(await lookAtPage(page, 'identity-signed-out')).toEqual([]);
    await page.goto(`${pages.identity.issuer}/authorize?client_id=nobody`);
    await heading(page, 'This sign-in cannot go on');
    expect(await lookAtPage(page, 'identity-error')).toEqual([]);
    await page.context().close();
  });
}); // prettier-ignore
