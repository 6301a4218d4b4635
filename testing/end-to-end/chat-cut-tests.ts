import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answered, ask, begin, type ChatTestParts } from './chat-tests.ts';
import { signIn } from './people.ts';
import { placeModel, type PlacedModel } from './place-model.ts';

const halfSaid =
  'Where in your mouth does it hurt, and since when have you had it? Please tell me also whether';
const beginning = 'Where in your mouth does it hurt';

/** Answers that do not come to their end, in an installation that runs already, with a model that stops in the middle. */
export function describeCutAnswers({ installation, visit }: ChatTestParts): void {
  describe('an answer that is cut', () => {
    let model: PlacedModel;
    beforeAll(async () => {
      model = await placeModel(installation().layout.config);
    });
    afterAll(() => model.remove());

    const halves = (page: Page) => page.locator('li.assistant', { hasText: beginning });

    /** Asks, and sees the answer begin. */
    async function seeHalf(page: Page, question: string): Promise<void> {
      model.say(halfSaid, true);
      await ask(page, question);
      await page.getByText(question).waitFor();
      await halves(page).last().waitFor();
      await page.getByRole('button', { name: 'Stop' }).waitFor();
    }

    /** What came stands there, as cut; asked again it is whole. */
    async function finish(page: Page, questions: number): Promise<void> {
      await page.locator('li.unanswered', { hasText: 'This answer is not finished.' }).waitFor();
      expect(await page.locator('li.assistant').count()).toBe(questions);
      model.say('Since when have you had it?');
      await page.getByRole('button', { name: 'Ask again' }).click();
      await page.locator('li.assistant', { hasText: 'Since when have you had it?' }).last().waitFor();
      // An earlier answer may have said the same; and what the server kept is read before the question goes again.
      await expect.poll(() => page.getByText('is not finished').count()).toBe(0);
      await answered(page);
      expect(await page.locator('li.assistant').count()).toBe(questions);
    }

    it('goes on for a patient who loads the page anew, loses the network, or closes the tab', async () => {
      const { page, context, look, expectFailure } = await visit();
      const chat = `${installation().origins.portal}/chat/`;
      await signIn(
        page,
        `${installation().origins.portal}/questions`,
        await installation().account('petra.patient@northgate.example'),
      );
      await begin(page.frameLocator('iframe'));
      await page.frameLocator('iframe').getByLabel('Your question').waitFor();
      await page.goto(chat);
      await page.getByLabel('Your question').waitFor();
      await seeHalf(page, 'My tooth aches on the left');
      await page.reload();
      await page.getByText('My tooth aches on the left').waitFor();
      await look('chat-cut');
      await finish(page, 1);

      expectFailure('net::ERR_INTERNET_DISCONNECTED');
      await seeHalf(page, 'It keeps me awake');
      await context.setOffline(true);
      await page.getByText('could not be reached').waitFor();
      expect(await halves(page).count()).toBe(1);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('could not be reached').waitFor();
      await context.setOffline(false);
      model.say('How strong is it?');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator('li.assistant', { hasText: 'How strong is it?' }).waitFor();
      await answered(page);

      await seeHalf(page, 'It is quite strong');
      await page.close();
      const next = await context.newPage();
      await next.goto(chat);
      await next.getByText('It is quite strong').waitFor();
      await next.getByText('My tooth aches on the left').waitFor();
      await finish(next, 3);
      await next.getByRole('button', { name: 'Erase this conversation' }).click();
      await next.getByText('The conversation has been erased').waitFor();

      // A session that ended elsewhere says so, and leads out of the frame.
      await context.clearCookies();
      await ask(next, 'And now?');
      await next.getByText('You have been signed out').waitFor();
      await next.getByRole('link', { name: 'Sign in again' }).click();
      await next.getByRole('button', { name: 'Sign in' }).waitFor();
    });

    it('goes on for a visitor who loads the page anew', async () => {
      const { page } = await visit();
      await page.goto(`${installation().origins.web}/chat/`);
      await begin(page);
      await seeHalf(page, 'Do you see children?');
      await page.reload();
      await page.getByText('Do you see children?').waitFor();
      await halves(page).waitFor();
      await finish(page, 1);
      // What an answer says of people is replaced like anything else, and is not the visitor's to leave out.
      model.say(
        '1. Call us.\n2. Come in.\nنحن مفتوحون يوم السبت من الساعة التاسعة.\n' + 'Donaudampf'.repeat(20),
      );
      await ask(page, 'What should I do?');
      await page.getByText('What should I do?').waitFor();
      await answered(page);
      await ask(page, 'And where?');
      await page.getByText('And where?').waitFor();
      await answered(page);
      expect(await page.locator('li.notice').count()).toBe(0);
    });
  });
}
