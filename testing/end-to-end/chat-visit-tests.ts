import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { answered, ask, begin, chatSecrets, type ChatTestParts } from './chat-tests.ts';

/** Whoever writes past the page's own removal: the last question has these words more when it leaves the browser. */
async function writePast(page: Page, more: string): Promise<void> {
  await page.route('**/api/v1/ai/chat/completions', (route) => {
    const body = route.request().postDataJSON() as { messages: { role: string; content: string }[] };
    const last = body.messages.at(-1);
    if (last !== undefined) last.content += more;
    return route.continue({ postData: JSON.stringify(body) });
  });
}

/** What a visitor is told of what the server does with their words, and what they can do about it. */
export function describeVisits({ installation, visit }: ChatTestParts): void {
  describe('a visit to the chat', () => {
    it('says when the server alone found details; shows what is kept without them, and erases it', async () => {
      const { page, look, expectRefusal } = await visit();
      await page.goto(`${installation().origins.web}/chat/`);
      await begin(page);
      await writePast(page, ` It is ${chatSecrets[0]}, ${chatSecrets[1]}.`);
      await ask(page, 'Are you open on Sunday?');
      await page.locator('li.notice', { hasText: 'The clinic’s server found more' }).waitFor();
      await answered(page);
      expect(await page.getByText('Before sending, we took out').count()).toBe(0);
      await page.unroute('**/api/v1/ai/chat/completions');
      await ask(page, 'And on Monday?');
      await page.getByText('And on Monday?').waitFor();
      await answered(page);
      // What was told once is not told again with the next question.
      expect(await page.locator('li.notice').count()).toBe(1);
      await look('chat-server-notice');

      const kept = page.waitForResponse(/visitor-conversations/);
      await page.getByRole('button', { name: 'See what is kept' }).click();
      await page.getByRole('heading', { name: 'What the clinic keeps of this conversation' }).waitFor();
      const words = page.locator('.kept-words');
      await words.getByText(/^Are you open on Sunday\? It is \[personal detail\]/).waitFor();
      expect(await words.innerText()).not.toMatch(/Wilhelmina|Oakenshaw|07700/);
      await look('chat-kept-words');
      await page.getByRole('button', { name: 'Back to the chat' }).click();
      expect(await page.evaluate('document.activeElement.id')).toBe('question');

      await page.getByRole('button', { name: 'Erase this conversation' }).click();
      await page.getByText('The conversation has been erased').waitFor();
      expect(await page.evaluate('sessionStorage.length + localStorage.length')).toBe(0);
      const read = `fetch(${JSON.stringify((await kept).url())}, { headers: { 'x-cordon-request': '1' } })
        .then((answer) => answer.json())`;
      expect(await page.evaluate(read)).toMatchObject({ state: 'closed', turns: [] });
      // Somebody else's visit, even on this very screen, finds nothing under its name.
      expectRefusal(404, new URL((await kept).url()).pathname);
      await page.context().clearCookies();
      await page.evaluate(`fetch('/visit', { method: 'POST', headers: { 'x-cordon-request': '1' } })`);
      expect(await page.evaluate(read)).toMatchObject({ status: 404 });
    });

    it('keeps a question until it is taken, on a slow network or none, and sends it once', async () => {
      const { page, context, expectFailure, expectRefusal } = await visit();
      expectRefusal(401, '/api/v1/ai/chat/completions');
      expectFailure('net::ERR_ABORTED');
      expectFailure('net::ERR_INTERNET_DISCONNECTED');
      await page.goto(`${installation().origins.web}/chat/`);
      await begin(page);
      let arrive: () => void = () => undefined;
      const slow = new Promise<void>((resolve) => (arrive = resolve));
      await page.route('**/visit', (route) => slow.then(() => route.continue()).catch(() => undefined));
      const question = page.getByLabel('Your question');
      const send = page.getByRole('button', { name: 'Send' });
      await question.fill('Is there a lift?');
      await send.dblclick();
      await page.getByText('Sending…').waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
      await send.waitFor();
      expect(await question.inputValue()).toBe('Is there a lift?');
      arrive();
      await context.setOffline(true);
      await send.click();
      await page.getByText('could not be reached').waitFor();
      expect(await question.inputValue()).toBe('Is there a lift?');
      expect(await page.locator('li.person').count()).toBe(0);
      await context.setOffline(false);
      await send.dblclick();
      await answered(page);
      expect(await page.locator('li.person').count()).toBe(1);
      expect(await question.inputValue()).toBe('');
      // The connection breaks after the server has said all: the rest is read there, and nothing asked twice.
      let sent = 0;
      await page.route('**/completions', async (route) => {
        sent += 1;
        const answer = await route.fetch();
        const text = await answer.text();
        await route.fulfill({ response: answer, body: text.slice(0, text.lastIndexOf('data: {')) });
      });
      await ask(page, 'Where can I park?');
      await page.getByText('could not be reached').waitFor();
      expect(await page.locator('li.assistant').last().innerText()).toContain('not finished');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator('.generated', { hasText: 'not finished' }).waitFor({ state: 'detached' });
      expect(sent).toBe(1);
      expect(await page.locator('li.assistant').count()).toBe(2);
      await page.unroute('**/completions');
      // Refused for want of a visit, nobody is told to sign in.
      await page.route('**/completions', (route) =>
        route.fulfill({ status: 401, json: { code: 'session-ended', title: 'Sign in again.' } }),
      );
      await ask(page, 'And a ramp?');
      await page.getByText('Your visit has ended, or this browser keeps no cookie').waitFor();
      expect(await page.getByRole('link', { name: 'Sign in' }).count()).toBe(0);
    });

    it('warns before it ends, is put off by whoever is there, and leaves nothing on the screen', async () => {
      const { page, look } = await visit();
      await page.clock.install();
      await page.goto(`${installation().origins.web}/chat/`);
      await begin(page);
      await ask(page, 'Where can I park?');
      await answered(page);
      await page.clock.fastForward('13:30');
      await page.getByText('Your visit ends in two minutes.').waitFor();
      await look('chat-visit-ends');
      await page.getByRole('button', { name: 'Go on with the visit' }).click();
      await page.getByText('Your visit ends in').waitFor({ state: 'detached' });
      await page.clock.fastForward('13:30');
      await page.getByText('Your visit ends in').waitFor();
      await page.getByText('Where can I park?').waitFor();
      await page.clock.fastForward('02:00');
      await page.locator('li.notice', { hasText: 'Your visit has ended' }).waitFor();
      await look('chat-visit-ended');
      expect(await page.locator('main').innerText()).not.toContain('park');
      await ask(page, 'And by bus?');
      await answered(page);
      expect(await page.locator('main').innerText()).not.toContain('park');
    });

    it('begins anew, as somebody new, where its time ran out while the page slept', async () => {
      const { page, context } = await visit();
      await page.goto(`${installation().origins.web}/chat/`);
      await begin(page);
      await ask(page, 'Where can I park?');
      await answered(page);
      await context.clearCookies();
      await ask(page, 'And by bus?');
      await page.locator('li.notice', { hasText: 'Your visit has ended' }).waitFor();
      await page.getByText('And by bus?').waitFor();
      await answered(page);
      expect(await page.locator('li.person').count()).toBe(1);
      // Nor does the page take up what it can no longer erase.
      await context.clearCookies();
      await page.reload();
      await page.getByRole('button', { name: 'I understand, start the chat' }).waitFor();
      expect(await context.cookies()).toEqual([]);
    });
  });
}
