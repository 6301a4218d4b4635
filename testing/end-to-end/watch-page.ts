import type { Browser, BrowserContext, Page } from 'playwright-core';

/** One person's browser: its own cookies, and a list of everything that went wrong in it. */
export interface WatchedPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** In words: violations of the policy, errors on the console, failed requests, refusals nobody expected. */
  readonly problems: readonly string[];
  /** From now on an answer of this status at this path is what the test wants to see. */
  readonly expectRefusal: (status: number, path: string) => void;
  /** From now on requests may fail in this way: the test takes the network away. */
  readonly expectFailure: (why: string) => void;
  readonly close: () => Promise<void>;
}

export async function openWatchedPage(browser: Browser): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London' });
  const problems: string[] = [];
  const wanted = new Set<string>();
  await context.exposeBinding('reportViolation', (_source, what: string) => {
    problems.push(`policy violation: ${what}`);
  });
  await context.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
    reportViolation(event.effectiveDirective + ' ' + event.blockedURI + ' on ' + event.documentURI));`);
  const page = await context.newPage();
  page.on('console', (message) => {
    // The browser's own line for a refused request says less than the response below.
    if (!['error', 'warning'].includes(message.type()) || /^Failed to load resource/.test(message.text()))
      return;
    problems.push(`console ${message.type()}: ${message.text()} (${page.url()})`);
  });
  page.on('pageerror', (error) => {
    problems.push(`error in the page: ${error.message} (${page.url()})`);
  });
  page.on('requestfailed', (request) => {
    if (wanted.has(request.failure()?.errorText ?? '')) return;
    // A live stream ends when its page is left or locked: nothing has failed. And Chromium says the same of an answer that a page
    // read to its end piece by piece, where the request could have been aborted; the page itself tells of one that was cut.
    if (
      /\/(?:stream|completions)$/.test(new URL(request.url()).pathname) &&
      request.failure()?.errorText === 'net::ERR_ABORTED'
    )
      return;
    problems.push(
      `failed request: ${request.method()} ${request.url()}: ${request.failure()?.errorText ?? ''}`,
    );
  });
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() < 400 || wanted.has(`${response.status()} ${pathname}`)) return;
    problems.push(`refused: ${response.status()} for ${response.request().method()} ${response.url()}`);
  });
  return {
    context,
    page,
    problems,
    expectRefusal: (status, path) => {
      wanted.add(`${status} ${path}`);
    },
    expectFailure: (why) => {
      wanted.add(why);
    },
    close: () => context.close(),
  };
}
