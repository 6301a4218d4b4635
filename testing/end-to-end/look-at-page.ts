import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CDPSession, Page } from 'playwright-core';

const views = [
  { name: 'phone-dark', width: 390, height: 844, colorScheme: 'dark' },
  { name: 'desktop', width: 1280, height: 800, colorScheme: 'light' },
] as const;

const axeSource = readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const axeRun = `axe.run(document, { preload: false, resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(({ id, help, nodes }) => id + ': ' + help + ' at ' +
    nodes.map((node) => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')).join('; ')))`;

/** Two frames after a change everything is drawn in the new colours, and what fades has faded. */
const settled = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))).then(() =>
  Promise.allSettled(document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().endTime !== Infinity).map((each) => each.finished))).then(() => undefined)`;

/**
 * Looks at the page as it stands, on a phone in the dark and on a desk: what axe-core finds, and whether anything sticks out
 * sideways. With `CORDON_SCREENSHOTS` set, pictures go to the folder that it names. Answers what is wrong, in words.
 */
export async function lookAtPage(page: Page, name: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const view of views) {
    await page.setViewportSize({ width: view.width, height: view.height });
    await page.emulateMedia({ colorScheme: view.colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(settled);
    const tell = (what: string): void => {
      wrong.push(`${name}, ${view.name}: ${what}`);
    };
    for (const violation of await runAxe(page)) tell(violation);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    if (width > view.width) tell(`the page is ${width} px wide`);
    const folder = process.env['CORDON_SCREENSHOTS'];
    if (folder === undefined || folder === '') continue;
    await mkdir(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.${view.name}.png`), fullPage: true });
  }
  return wrong;
}

/** In a world of its own: the page's policy lets no script in, and what axe-core does to its world stays out of the page's. */
async function runAxe(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const { frameTree } = await session.send('Page.getFrameTree');
    const { executionContextId } = await session.send('Page.createIsolatedWorld', {
      frameId: frameTree.frame.id,
      worldName: 'accessibility',
    });
    await evaluate(session, executionContextId, `${await axeSource};undefined`);
    return (await evaluate(session, executionContextId, axeRun)) as string[];
  } finally {
    await session.detach();
  }
}

async function evaluate(session: CDPSession, contextId: number, expression: string): Promise<unknown> {
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    contextId,
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(`axe-core did not run: ${exceptionDetails.text}`);
  return result.value;
}
