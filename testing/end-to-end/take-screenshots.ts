// Makes the README's pictures from a fresh installation of this checkout (pages must be built: npm test does that):
//   node --conditions=cordon-source testing/end-to-end/take-screenshots.ts
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../browser/launch-browser.ts';
import { findFormCase } from '../forms/cases.ts';
import { copyCheckout } from './copy-checkout.ts';
import { findFreeBasePort } from './find-ports.ts';
import { startInstallation } from './installation.ts';
import { signIn } from './people.ts';
import { openWatchedPage } from './watch-page.ts';

const images = fileURLToPath(new URL('../../docs/images', import.meta.url));
const form = findFormCase('lines-card-in-notes');
const mostBytes = 300_000;
let bytes = 0;
// Its font is the same on every machine.
process.env['CORDON_TEST_BROWSER'] ??= 'bundled';

async function takePicture(page: Page, name: string, width: number): Promise<void> {
  // As tall as what it shows: the console's frame keeps to the window.
  await page.setViewportSize({ width, height: 600 });
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  await page.setViewportSize({ width, height });
  // Without the ring around what was pressed last, and from the top.
  await page.evaluate('document.activeElement?.blur(); scrollTo(0, 0)');
  const path = join(images, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  bytes += (await stat(path)).size;
}

const undo: (() => Promise<unknown>)[] = [];
try {
  await mkdir(images, { recursive: true });
  const copy = await copyCheckout();
  undo.push(copy.remove);
  const browser = await launchBrowser();
  undo.push(browser.close);
  const installation = await startInstallation(copy, await findFreeBasePort());
  undo.push(installation.interrupt);
  const { origins, account } = installation;

  const { page: desk } = await openWatchedPage(browser.browser);
  await signIn(desk, `${origins.console}/`, await account('rosa.reception@northgate.example'));
  await desk
    .getByLabel('Scanned form')
    .setInputFiles(fileURLToPath(new URL(`../forms/rendered/${form.file}`, import.meta.url)));
  await desk.getByRole('button', { name: 'Read and store the form' }).click();
  await desk.getByRole('heading', { name: 'Form stored' }).waitFor();
  await takePicture(desk, 'console-intake', 1120);

  const { page: surgery } = await openWatchedPage(browser.browser);
  await signIn(surgery, `${origins.console}/patients`, await account('clara.clinician@northgate.example'));
  await surgery.getByRole('link', { name: 'Amira Holloway' }).click();
  await surgery.getByText('All text read from the form').click();
  await surgery.getByText('[REDACTED-PAN]').waitFor();
  await takePicture(surgery, 'console-patient', 1280);

  const { page: home } = await openWatchedPage(browser.browser);
  await signIn(home, `${origins.portal}/`, await account('petra.patient@northgate.example'));
  await home.getByText('Petra Patient').waitFor();
  await takePicture(home, 'portal-record', 1120);

  if (bytes > mostBytes)
    throw new Error(`The pictures have ${bytes} bytes; at most ${mostBytes} are wanted.`);
} finally {
  for (const step of undo.toReversed()) await step();
}
