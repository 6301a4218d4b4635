import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type TestBrowser } from '../browser/launch-browser.ts';
import { findFormCase } from '../forms/cases.ts';
import { describeBoard } from './board-tests.ts';
import { describeCutAnswers } from './chat-cut-tests.ts';
import { chatSecrets, describeChat } from './chat-tests.ts';
import { describeHeardChat } from './chat-heard-tests.ts';
import { describeVisits } from './chat-visit-tests.ts';
import { copyCheckout, type CheckoutCopy } from './copy-checkout.ts';
import { findFreeBasePort } from './find-ports.ts';
import { startInstallation, type Installation } from './installation.ts';
import { lookAtPage } from './look-at-page.ts';
import { lockAndUnlock, signIn, signOut } from './people.ts';
import { connectAsAdministrator, searchDatabases } from './search-databases.ts';
import { describeOneWay } from './provider-tests.ts';
import { searchFiles } from './search-files.ts';
import { describeSummaries } from './summary-tests.ts';
import { changeTelephone } from './settings-tests.ts';
import { askWithCookies, readCookies } from './session-cookies.ts';
import { tracesOf } from './traces.ts';
import { openWatchedPage, type WatchedPage } from './watch-page.ts';

const picture = findFormCase('lines-card-in-notes');
const document = findFormCase('text-pdf-two-pages');
const rejected = findFormCase('card-for-a-name');
const patient = picture.expected.outcome === 'read' ? picture.expected.fields : {};
const name = patient.fullName ?? '';
const secrets = [
  ...[picture, document, rejected].flatMap(({ plantedNumbers }) => plantedNumbers),
  ...[patient.fullName, patient.email, patient.nhsNumber, patient.emergencyContact].filter(
    (each) => each !== undefined,
  ),
  ...chatSecrets,
];
/** Planted where the secrets must not be: a search that does not find it would not find them either. */
const control = '3530111333300017';
const wanted = [...secrets, control].flatMap(tracesOf);

let copy: CheckoutCopy;
let basePort: number | undefined;
let installation: Installation;
let browser: TestBrowser;
let patientId = '';
const opened: WatchedPage[] = [];
const seen: string[] = [];

/** Undone in the reverse order, also when the start fails half-way. */
const undo: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  copy = await copyCheckout();
  undo.push(copy.remove);
  browser = await launchBrowser();
  undo.push(browser.close);
  await start();
});
afterAll(async () => {
  for (const step of undo.toReversed()) await step();
});

async function start(): Promise<void> {
  basePort ??= await findFreeBasePort();
  installation = await startInstallation(copy, basePort);
  undo.push(installation.interrupt);
}

/** A browser of their own for each person. */
async function visit(): Promise<WatchedPage & { look: (name: string) => Promise<void> }> {
  const watched = await openWatchedPage(browser.browser);
  opened.push(watched);
  return {
    ...watched,
    look: async (view) => {
      seen.push(...(await lookAtPage(watched.page, view)));
    },
  };
}

const fileOf = ({ file }: { file: string }): string =>
  fileURLToPath(new URL(`../forms/rendered/${file}`, import.meta.url));

describe('the main job in a browser', () => {
  it('takes in a scanned form, says that the card number is gone, and refuses a form in words', async () => {
    const { page, context, look, expectRefusal } = await visit();
    const { console: origin } = installation.origins;
    await signIn(page, `${origin}/`, await installation.account('rosa.reception@northgate.example'), look);
    const send = async (form: { file: string }): Promise<void> => {
      await page.getByLabel('Scanned form').setInputFiles(fileOf(form));
      await page.getByText(form.file).waitFor();
      await page.getByRole('button', { name: 'Read and store the form' }).click();
    };

    await page.getByLabel('Scanned form').waitFor();
    await look('console-intake');
    await send(picture);
    await page.getByRole('heading', { name: 'Form stored' }).waitFor();
    await page.getByRole('heading', { name: '1 card number removed' }).waitFor();
    await look('console-intake-result');
    const link = await page.getByRole('link', { name: 'Open the patient' }).getAttribute('href');
    patientId = link?.split('/').at(-1) ?? '';
    expect(patientId).toMatch(/^[0-9a-f-]{36}$/);

    await page.getByRole('button', { name: 'Upload another form' }).click();
    await send(document);
    await page.getByRole('heading', { name: '2 card numbers removed' }).waitFor();

    expectRefusal(422, '/api/v1/intake-forms');
    await page.getByRole('button', { name: 'Upload another form' }).click();
    await send(rejected);
    const refusal = page.getByRole('alert').filter({ hasText: 'The form was not stored' });
    await refusal.getByText('Full name').waitFor();
    await refusal.getByText('A card number stood here.').waitFor();
    await look('console-intake-refused');

    const cookies = await readCookies(context, origin);
    expect(await askWithCookies(origin, cookies)).toMatchObject({ signedIn: true, status: 200 });
    await signOut(page, origin);
    await look('console-signed-out');
    expect(await askWithCookies(origin, cookies)).toEqual({
      signedIn: false,
      status: 401,
      code: 'session-ended',
    });
  });

  it("shows the record to the clinic's clinician, with the redaction in the place of the number", async () => {
    const { page, context, look } = await visit();
    const account = await installation.account('clara.clinician@northgate.example');
    await signIn(page, `${installation.origins.console}/`, account);
    await page.locator(`a[href="/patients/${patientId}"]`).waitFor();
    await look('console-patients');
    await page.locator(`a[href="/patients/${patientId}"]`).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await page
      .getByText(patient.email ?? '')
      .first()
      .waitFor();
    await page.getByText('All text read from the form').click();
    await page.getByText('[REDACTED-PAN]').waitFor();
    await look('console-patient');
    const shown = (await page.locator('main').innerText()).replace(/\D/g, '');
    for (const planted of picture.plantedNumbers) expect(shown).not.toContain(planted);

    await page.getByLabel('Message').fill('Half a message');
    await lockAndUnlock(page, account, async () => {
      expect(await page.getByRole('heading', { name }).isVisible()).toBe(false);
      const cookies = await readCookies(context, installation.origins.console);
      const answer = await askWithCookies(installation.origins.console, cookies);
      expect(answer).toEqual({ signedIn: true, status: 403, code: 'session-locked' });
      await look('console-locked');
    });
    expect(await page.getByLabel('Message').inputValue()).toBe('Half a message');
  });

  it.each(['yorick.clinician@northgate.example', 'carl.clinician@riverside.example'])(
    'shows nothing of it to %s, whose clinic is another',
    async (email) => {
      const { page, look, expectRefusal } = await visit();
      const { console: origin } = installation.origins;
      await signIn(page, `${origin}/patients`, await installation.account(email));
      await page.getByText('No patients here yet').waitFor();
      await look('console-no-patients');
      expectRefusal(404, `/api/v1/patients/${patientId}`);
      await page.goto(`${origin}/patients/${patientId}`);
      await page.getByRole('alert').waitFor();
      await look('console-patient-elsewhere');
      expect(await page.locator('main').innerText()).not.toContain(name);
    },
  );

  it('shows the administrator who did what, and lets them change the clinic’s telephone number', async () => {
    const watched = await visit();
    const { page, look } = watched;
    const account = await installation.account('ada.admin@northgate.example');
    await signIn(page, `${installation.origins.console}/`, account);
    await page.getByText('Receptionist sent in a card number, which was removed').first().waitFor();
    await page.getByText('Clinician opened a patient record').first().waitFor();
    await look('console-audit');
    expect(await page.locator('main').innerText()).not.toContain(name);
    await changeTelephone(watched);
  });

  it('shows a patient their own record in the portal, until they sign out', async () => {
    const { page, context, look } = await visit();
    const { portal: origin } = installation.origins;
    await signIn(page, `${origin}/`, await installation.account('petra.patient@northgate.example'), look);
    await page.getByRole('heading', { name: 'My record' }).waitFor();
    await page.getByText('Petra Patient').waitFor();
    await look('portal-record');
    expect(await page.locator('main').innerText()).not.toContain(name);
    const cookies = await readCookies(context, origin);
    await signOut(page, origin);
    expect(await askWithCookies(origin, cookies)).toEqual({
      signedIn: false,
      status: 401,
      code: 'session-ended',
    });
  });

  const chatParts = { installation: () => installation, visit };
  describeChat(chatParts);
  describeVisits(chatParts);
  describeHeardChat(chatParts);
  describeCutAnswers(chatParts);
  describeSummaries(chatParts);
  describeBoard(chatParts);

  describeOneWay({
    installation: () => installation,
    browser: () => browser,
    checkout: () => copy.checkout,
  });

  it('met no breach of the browser policy, no error and no failed request on the way', () => {
    expect(opened.length).toBeGreaterThan(0);
    expect(opened.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('showed no page that axe-core objects to, or that is wider than its screen', () => {
    expect(seen).toEqual([]);
  });
});

describe('what the installation keeps', () => {
  it('is in no row of any database a card number or who the patient is, where a planted number is found', async () => {
    const client = await connectAsAdministrator(installation.layout, 'cordon_clinical');
    try {
      await client.query('CREATE SCHEMA planted; CREATE TABLE planted.control (plain text, wide bytea)');
      await client.query('INSERT INTO planted.control VALUES ($1, $2)', [
        'before 3530 1113 3330 0017 after',
        Buffer.from(control, 'utf16le'),
      ]);
    } finally {
      await client.end();
    }
    const found = await searchDatabases(installation.layout, wanted);
    expect(found).toContain(`cordon_clinical planted.control: ${control} grouped`);
    expect(found).toContain(`cordon_clinical planted.control: ${control} plain in UTF-16 LE`);
    expect(found.filter((place) => !place.includes(control))).toEqual([]);
  });

  it('ends with Ctrl-C, and every process with it', async () => {
    expect(await installation.interrupt()).toBe(0);
    expect(await installation.leftOver()).toEqual([]);
  });

  it('is in no file either: tables, write-ahead log, logs, objects, temporary files', async () => {
    const { layout } = installation;
    await appendFile(join(layout.logs, 'engine.log'), '3530-1113-3330-0017\n');
    await writeFile(join(layout.objects, 'planted'), Buffer.from(`card: ${control}`).toString('base64'));
    await writeFile(join(copy.temporary, 'planted'), control);
    const folders = [layout.state, copy.temporary];
    const { found, files } = await searchFiles(folders, [join(layout.state, 'server', 'native')], wanted);
    expect(files).toBeGreaterThan(1000);
    for (const place of [
      'server/data/base/',
      'server/data/pg_wal/',
      'logs/engine.log',
      'objects/',
      'planted',
    ])
      expect(found.filter((each) => each.startsWith(place))).not.toEqual([]);
    expect(found.filter((place) => !place.includes(control))).toEqual([]);
  });

  it('is there again after the next start', async () => {
    await start();
    const { page, problems } = await visit();
    const account = await installation.account('clara.clinician@northgate.example');
    await signIn(page, `${installation.origins.console}/patients/${patientId}`, account);
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    expect(problems).toEqual([]);
  });
});
