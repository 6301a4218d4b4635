import { describe, expect, it } from 'vitest';
import { answered, ask, type ChatTestParts } from './chat-tests.ts';
import { focusOf, hearPage } from './hear-page.ts';

/** The chat as it is met by ear, by keyboard, and much enlarged. */
export function describeHeardChat({ installation, visit }: ChatTestParts): void {
  describe('the chat for who does not see it', () => {
    it('tells an answer once and an emergency at once, keeps the focus, and fits a narrow window', async () => {
      const { page, expectRefusal } = await visit();
      const { heard, say } = await hearPage(page);
      await page.goto(`${installation().origins.web}/chat/`);
      await page.getByRole('button', { name: 'I understand' }).waitFor();
      expect(await page.locator('main').ariaSnapshot()).toMatch(
        /heading "Chat with the clinic" \[level=1\][^]*region "Before you write":\n\s+- heading "Before you write" \[level=2\]/,
      );
      expect(await page.locator('html').getAttribute('lang')).toBe('en-GB');
      await page.keyboard.press('Tab');
      expect(await focusOf(page)).toBe('button I understand, start the chat');
      await page.keyboard.press('Enter');
      await page.getByLabel('Your question').waitFor();
      expect(await focusOf(page)).toBe('textarea question');

      await heard();
      await say(['We ', 'are ', 'open ', 'on ', 'Saturday.']);
      await page.keyboard.type('Are you open?');
      await page.keyboard.press('Enter');
      await answered(page);
      expect(await heard()).toEqual([
        'when idle: The assistant is writing.',
        'when idle: Assistant: We are open on Saturday.',
      ]);
      expect(await focusOf(page)).toBe('textarea question');

      await ask(page, 'My tongue is swollen and I cannot breathe');
      await page.getByText('Generated').nth(1).waitFor();
      const [first, ...later] = await heard();
      expect(first).toMatch(/^at once: This may be an emergencyCall 999 now/);
      expect(later.filter((each) => each.startsWith('at once'))).toEqual([]);
      expect(await page.getByRole('alert', { name: 'This may be an emergency' }).count()).toBe(1);

      const ids = await page.evaluate<string[]>(`[...document.querySelectorAll('[id]')].map(({ id }) => id)`);
      expect(ids).toEqual([...new Set(ids)]);
      // WCAG 2.2, 1.4.10: 1280 by 1024 pixels, four times as large.
      for (const view of [
        { width: 320, height: 256 },
        { width: 640, height: 400 },
      ]) {
        await page.setViewportSize(view);
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect(width).toBeLessThanOrEqual(view.width);
        await page.getByRole('button', { name: 'Ask for a person' }).click({ trial: true });
      }

      await page.getByRole('button', { name: 'Ask for a person' }).click();
      expect(await focusOf(page)).toBe('input fullName');
      await page.getByLabel('Your name').fill('Nora Narrow');
      await page.getByLabel('Telephone number or e-mail address').fill('0113 496 0998');
      await page.getByLabel('The clinic may contact me').check();
      await heard();
      expectRefusal(503, '/api/v1/leads');
      await page.route('**/leads', (route) => route.fulfill({ status: 503, json: { title: 'Busy.' } }), {
        times: 1,
      });
      await page.getByRole('button', { name: 'Send to the clinic' }).click();
      await page.getByRole('button', { name: 'Try again' }).waitFor();
      expect(await heard()).toEqual([expect.stringMatching(/^at once: /)]);
      await page.route('**/leads', (route) => route.fulfill({ status: 201, json: {} }));
      await page.getByRole('button', { name: 'Try again' }).press('Enter');
      await page.getByText('Somebody at the clinic will contact you').waitFor();
      expect(await heard()).toContainEqual(expect.stringMatching(/^when idle: Thank you/));
      expect(await focusOf(page)).toBe('textarea question');
    });
  });
}
