import type { Page } from 'playwright-core';

/** Notes what a screen reader is told: each change of a live region, as often as it changes, and how. */
const notes = `(() => {
  const live = '[aria-live], [role="status"], [role="alert"]';
  window.heard = [];
  const note = (region) => {
    const how = region.getAttribute('role') === 'alert' ? 'at once' : 'when idle';
    if (region.textContent !== '') window.heard.push(how + ': ' + region.textContent);
  };
  new MutationObserver((records) => {
    const regions = records.flatMap(({ target, addedNodes }) => [
      (target.nodeType === 1 ? target : target.parentElement)?.closest(live),
      ...[...addedNodes].flatMap((added) =>
        added.nodeType === 1 ? [added, ...added.querySelectorAll('*')].filter((each) => each.matches('[role="alert"]')) : []),
    ]);
    new Set(regions.filter((each) => each)).forEach(note);
  }).observe(document, { subtree: true, childList: true, characterData: true });
})()`;

/** In the place of the server: says \`window.words\`, each in a piece of its own and a task of its own. */
const speech = `(() => {
  const ask = window.fetch;
  const event = (data) => new TextEncoder().encode('data: ' + data + '\\n\\n');
  window.fetch = (path, init) => {
    if (!String(path).endsWith('/completions')) return ask(path, init);
    const words = [...window.words];
    const body = new ReadableStream({
      pull: async (controller) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        const content = words.shift();
        if (content !== undefined) return controller.enqueue(event(JSON.stringify({ choices: [{ delta: { content } }] })));
        controller.enqueue(event('[DONE]'));
        controller.close();
      },
    });
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
  };
})()`;

export interface HeardPage {
  /** What was told since this was asked last. */
  readonly heard: () => Promise<string[]>;
  /** The words of the answers from now on. */
  readonly say: (words: readonly string[]) => Promise<void>;
}

/** To be called before the page is opened. */
export async function hearPage(page: Page): Promise<HeardPage> {
  await page.addInitScript(notes);
  await page.addInitScript(speech);
  return {
    heard: () => page.evaluate<string[]>('window.heard.splice(0)'),
    say: async (words) => {
      await page.evaluate(`window.words = ${JSON.stringify(words)}`);
    },
  };
}

/** The element that has the focus, in words: its role or tag, and what it says. */
export const focusOf = (page: Page): Promise<string> =>
  page.evaluate<string>(
    `(({ tagName, id, textContent }) => tagName.toLowerCase() + ' ' + (id || textContent.slice(0, 60)))(document.activeElement)`,
  );
