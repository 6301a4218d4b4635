import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileAnswer, markupIn } from './chat-attacks.ts';
import type { ChatTestParts } from './chat-tests.ts';
import { signIn } from './people.ts';
import { placeModel, type PlacedModel } from './place-model.ts';

/** As another member of staff would: the plan has another title and version from now on. */
const renamePlans = `(async () => {
  const headers = { 'x-cordon-request': '1', 'content-type': 'application/json' };
  const { items } = await (await fetch('/api/v1/treatment-plans', { headers })).json();
  for (const { id, version } of items)
    await fetch('/api/v1/treatment-plans/' + id, { method: 'PATCH',
      headers: { ...headers, 'if-match': '"' + id + '.' + version + '"' }, body: JSON.stringify({ title: 'Two crowns' }) });
})()`;

/** As a page does that was opened before the entry was amended. */
const summariseAgain = (
  recordId: string,
): string => `fetch('/api/v1/ai/purposes/purpose.summary.clinicalRecord.internal', {
  method: 'POST', headers: { 'x-cordon-request': '1', 'content-type': 'application/json' },
  body: JSON.stringify({ recordId: ${JSON.stringify(recordId)} }) }).then(({ status }) => status)`;

async function readThrough(page: Page, place: string): Promise<string> {
  const block = page.locator(place);
  await block.waitFor();
  expect(await page.evaluate(markupIn(place))).toEqual([]);
  return (await block.innerText()).replaceAll('\u{a0}', ' ');
}

/** What a program makes of records, with a model that was talked into everything, in an installation that runs already. */
export function describeSummaries({ installation, visit }: ChatTestParts): void {
  describe('a generated summary', () => {
    let model: PlacedModel;
    /** Where the clinician stays signed in: each sign-in waits for a code of its own. */
    let surgery: Page;
    beforeAll(async () => {
      model = await placeModel(installation().layout.config);
      model.say(`Root canal on the left.\n${hostileAnswer}`);
    });
    afterAll(() => model.remove());

    it('of an entry is the clinician’s to confirm, looks confirmed to nobody else, and goes once it is amended', async () => {
      const { page, look, expectRefusal } = await visit();
      surgery = page;
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      const { console: desk } = installation().origins;
      await signIn(
        page,
        `${desk}/patients`,
        await installation().account('clara.clinician@northgate.example'),
      );
      await page.getByRole('link', { name: 'Petra Patient' }).click();
      await page.getByText('Write a plan').click();
      await page.getByLabel('Title').fill('A crown');
      await page.getByLabel('What is done').fill('Root canal, then a crown');
      await page.getByRole('button', { name: 'Write the plan' }).click();
      await page.getByText('Written, as a draft.').waitFor();
      await page.getByText('Write an entry').click();
      await page.getByLabel('Problems').fill('Pain on the left');
      await page.getByRole('button', { name: 'Write it' }).click();
      await page.getByText('Written.', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Open the entry' }).first().click();
      const summarised = page.waitForRequest(/clinicalRecord.internal$/);
      await page.getByRole('button', { name: 'Summarise' }).click();
      const { recordId } = (await summarised).postDataJSON() as { recordId: string };

      const shown = await readThrough(page, '.generated');
      expect(shown).toContain('Generated, not confirmed');
      expect(shown).toContain('Root canal on the left.');
      expect(shown).toContain('from problems of the entry above');
      expect(shown).not.toContain('https://');
      await look('console-summary');
      await page.getByRole('button', { name: 'I have checked it against the entry' }).click();
      await page.locator('.generated').getByText('Generated, confirmed by you at').waitFor();
      // On paper nobody sees who "you" was.
      await page.emulateMedia({ media: 'print' });
      const printed = await page.locator('.generated').innerText();
      expect(printed).toContain('Generated, not confirmed');
      expect(printed).not.toContain('confirmed by you');
      await page.emulateMedia({ media: 'screen' });

      await page.getByRole('button', { name: 'Summarise' }).click();
      await page.locator('.generated').getByText('Generated, not confirmed').first().waitFor();
      await page.getByRole('button', { name: 'I have checked it against the entry' }).click();
      await page.getByRole('button', { name: 'Amend', exact: false }).click();
      await page.locator('[id^="amend-"][id$="problemList"]').fill('Pain on the right');
      await page.getByRole('button', { name: 'Amend it' }).click();
      // The entry that was amended leaves the page, and what was made of it goes with it.
      await page.getByText('Amendment', { exact: true }).first().waitFor();
      await page.locator('.generated').waitFor({ state: 'detached' });
      expectRefusal(412, '/api/v1/ai/purposes/purpose.summary.clinicalRecord.internal');
      expect(await page.evaluate(summariseAgain(recordId))).toBe(412);
      expect(
        asked.filter((url) => !url.startsWith(desk) && !url.startsWith(installation().origins.identity)),
      ).toEqual([]);
    });

    it('of a plan is marked for its patient, says what it was made from, and goes when the plan has changed', async () => {
      const { page, look } = await visit();
      const { portal } = installation().origins;
      await signIn(
        page,
        `${portal}/treatment`,
        await installation().account('petra.patient@northgate.example'),
      );
      await page.getByText('Show the plan').first().click();
      await page.getByRole('button', { name: 'Explain in plain words' }).click();
      const place = '.nhsuk-inset-text';
      const shown = await readThrough(page, place);
      expect(shown).toContain('Generated explanation, not checked by a person');
      expect(shown).toContain('by a language model from the title and the steps of your plan above');
      expect(shown).toContain('Ask your clinician to confirm');
      expect(shown).not.toContain('https://');
      await look('portal-explanation');

      await surgery.evaluate(renamePlans);
      // What is explained and what is shown are the same version again: the page asks for the plan anew.
      const anew = page.waitForRequest((request) => /treatment-plans\/[^/]+$/.test(request.url()));
      await page.getByRole('button', { name: 'Explain in plain words' }).click();
      await anew;
      await page.locator(place).waitFor();
    });
  });
}
