import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shortestAlone } from '../../apps/identity/src/accounts/password-rules.ts';
import { codeOf, grantOf } from '../../apps/identity/testing/identity-under-test.ts';
import { lookAtPage } from '../end-to-end/look-at-page.ts';
import { givePassword, heading, SignInPages, tabTo } from './sign-in-pages.ts';
import type { Page } from 'playwright-core';

let pages: SignInPages;
beforeAll(async () => {
  pages = await SignInPages.start();
});
afterAll(() => pages.close());

const callback = (page: Page) => page.waitForURL(`${pages.callbackUrl}?code=*`);

describe('the sign-in pages, by keyboard, on a phone and on a desk', () => {
  it('lead through password, a wrong code that is said where it belongs, and the right one', async () => {
    const person = await pages.identity.addPerson();
    const page = await pages.open();
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
    expect(new URL(page.url()).searchParams.get('iss')).toBe(pages.identity.issuer);
    await page.context().close();
  });

  it('lead through setting up a factor, recovery codes and the choice of a place', async () => {
    const grants = [grantOf(), grantOf({ tenantName: 'South Street Dental' })];
    const person = await pages.identity.addPerson({ factor: false, grants });
    const page = await pages.open();
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

  it('let an administrator invite somebody, who chooses a password at the link of the letter', async () => {
    const admin = await pages.identity.addPerson({
      grants: [grantOf({ role: 'role.corporateAdmin', clinics: [], tenantClinics: [{ id: randomUUID(), name: 'North Street' }] })],
    });
    const page = await pages.open();
    await page.getByLabel(/change how i sign in/i).check();
    await givePassword(page, admin);
    await page.getByLabel(/code/i).first().fill(codeOf(admin.secret));
    await page.keyboard.press('Enter');
    await heading(page, 'How you sign in');
    expect(await lookAtPage(page, 'identity-manage')).toEqual([]);
    const email = 'nadia@clinic.example';
    const worksAs = page.getByLabel('Works as');
    await worksAs.selectOption('Auditor of the whole organisation');
    expect(await page.getByRole('group', { name: 'Clinics' }).count()).toBe(0);
    await worksAs.selectOption('Administrator of clinics');
    expect(await page.getByLabel('North Street').isChecked()).toBe(true);
    await page.getByLabel('Name', { exact: true }).fill('Nadia New');
    await page.getByLabel('E-mail address at work').fill(email);
    await page.keyboard.press('Enter');
    await heading(page, 'The invitation is on its way');
    expect(await lookAtPage(page, 'identity-invited')).toEqual([]);

    const [letter] = await pages.identity.lettersTo({ accountId: '', secret: '', email });
    const link = /http:\S+/.exec(letter?.text ?? '')?.[0];
    const newcomer = await pages.open(link);
    await heading(newcomer, 'Welcome to Cordon');
    expect(new URL(newcomer.url()).hash).toBe('');
    await newcomer.getByText(`At least ${shortestAlone} characters`).waitFor();
    expect(await lookAtPage(newcomer, 'identity-invitation')).toEqual([]);
    await tabTo(newcomer, /New password/);
    await newcomer.keyboard.type('too short');
    await newcomer.keyboard.press('Enter');
    await newcomer.getByRole('alert').waitFor();
    expect(await lookAtPage(newcomer, 'identity-invitation-short')).toEqual([]);
    await tabTo(newcomer, /New password/);
    await newcomer.getByLabel('New password').fill('');
    await newcomer.keyboard.type('tandem-obsidian-walrus');
    await newcomer.keyboard.press('Enter');
    await heading(newcomer, 'Your password is set');
    expect(await lookAtPage(newcomer, 'identity-invitation-done')).toEqual([]);
    await tabTo(newcomer, /^Sign in/);
    await newcomer.keyboard.press('Enter');
    await newcomer.waitForURL(`${new URL(pages.callbackUrl).origin}/auth/sign-in`);
    expect((await pages.identity.lettersTo({ accountId: '', secret: '', email })).map(({ subject }) => subject)).toEqual(['You are invited', 'You have chosen a password']);

    for (const over of [link, `${pages.identity.issuer}/invitation`]) {
      const late = await pages.open(over, newcomer.context());
      if (over === link) {
        await late.getByLabel('New password').fill('another-obsidian-walrus');
        await late.keyboard.press('Enter');
      }
      await heading(late, 'This invitation is not valid');
      expect(await lookAtPage(late, 'identity-invitation-over')).toEqual([]);
    }
    await newcomer.context().close();
    await page.context().close();
  });
}); // prettier-ignore
