import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, type Person } from '../../apps/identity/testing/identity-under-test.ts';
import { signIn } from '../../apps/identity/testing/relying-party.ts';
import { launchBrowser } from '../../apps/identity/testing/virtual-authenticator.ts';
import { lookAtPage } from '../end-to-end/look-at-page.ts';
import { buildSignInPages, givePassword, heading } from './sign-in-pages.ts';
import { startInstallation, type TestInstallation } from './start-installation.ts';

let installation: TestInstallation;
let clinician: Person;
let folder: string;
let signInPages: Awaited<ReturnType<typeof buildSignInPages>>;
let chromium: Awaited<ReturnType<typeof launchBrowser>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-console-pages-'));
  const configFile = fileURLToPath(new URL('../../apps/console/ui/vite.config.ts', import.meta.url));
  await build({
    configFile,
    logLevel: 'silent',
    build: { outDir: folder, emptyOutDir: true, minify: false },
  });
  signInPages = await buildSignInPages();
  installation = await startInstallation(undefined, {
    pagesFolder: signInPages.pagesFolder,
    consolePagesFolder: folder,
  });
  clinician = await installation.addPerson(installation.engine.account('clinician'));
  chromium = await launchBrowser();
});
afterAll(async () => {
  await chromium.close();
  await installation.close();
  await signInPages.remove();
  await rm(folder, { recursive: true });
});

/** Notes each sound that the page starts, in place of the loudspeaker of a machine that may have none. */
const listen = `
  window.heard = [];
  window.AudioContext = class {
    currentTime = 0;
    destination = {};
    createOscillator() {
      const frequency = { value: 0 };
      return { frequency, connect: (next) => next, stop: () => undefined, start: () => window.heard.push(frequency.value) };
    }
    createGain() {
      const set = () => undefined;
      return { gain: { setValueAtTime: set, exponentialRampToValueAtTime: set }, connect: (next) => next };
    }
    close() { return Promise.resolve(); }
  };`;
const heard = (page: Page) => page.evaluate<number[]>('window.heard');

/** An alert of the reception desk about a patient, in words that must not show on a locked screen. */
async function raiseAlert(token: string, message: string): Promise<void> {
  const patient = installation.engine.account('Petra Patientson');
  const answer = await fetch(`${installation.engine.running.url}/v1/alerts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ clinicId: patient.clinicIds[0], patientId: patient.patientRecordId, urgency: 'urgent', message }),
  });
  expect(answer.status).toBe(201);
} // prettier-ignore

describe('a console that has locked', () => {
  it('tells of an alert by number and sound, says nothing of any patient, and opens with one code', async () => {
    const desk = await installation.addPerson(installation.engine.account('receptionist'), { factor: false });
    const { tokens } = await signIn({ identity: installation.identity, person: desk });
    const page = await (await chromium.browser.newContext()).newPage();
    await page.addInitScript(listen);
    await page.goto(`${installation.consoleUrl}/auth/sign-in`);
    await givePassword(page, clinician);
    await page.getByLabel(/code/i).first().fill(codeOf(clinician.secret));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Lock' }).click();
    await heading(page, 'Locked');
    expect(await heard(page)).toEqual([]);

    // What waited before is shown without a sound: the first alert sets the number, the next one rings.
    await raiseAlert(tokens.access_token, 'Swollen jaw since Sunday');
    await page.getByText('1 alert waits').waitFor();
    const before = (await heard(page)).length;
    await raiseAlert(tokens.access_token, 'Bleeding that does not stop');
    await page.getByText('2 alerts wait').waitFor();
    expect((await heard(page)).slice(before)).toEqual([660, 880]);
    expect(await page.title()).toBe('(2) Locked – Cordon console');
    const shown = await page.locator('body').innerText();
    for (const word of ['Petra', 'Patientson', 'Swollen', 'Bleeding']) expect(shown).not.toContain(word);
    expect(await lookAtPage(page, 'console-locked')).toEqual([]);
    // The live number is no activity: nothing but the person's proof opens it.
    const [tab] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: 'Unlock' }).click()]);
    await tab.waitForURL(/\/interaction\//);
    await heading(tab, 'Confirm that it is you');
    expect(await tab.getByLabel('Password', { exact: true }).count()).toBe(0);
    await installation.identity.pool.query('UPDATE identity.factors SET last_used_step = NULL');
    await tab.getByLabel('Code', { exact: true }).fill(codeOf(clinician.secret));
    await tab.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Lock' }).waitFor();
    await page.context().close();
  }); // prettier-ignore
});
