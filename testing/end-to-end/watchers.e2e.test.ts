import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type TestBrowser } from '../browser/launch-browser.ts';
import { lookAtPage } from './look-at-page.ts';
import { openWatchedPage } from './watch-page.ts';

/** A page with one fault of each kind that the tests of the pages must notice. */
const faulty = `<!doctype html><html lang="en-GB"><title>Faulty</title><main><h1>Faulty</h1>
<img src="/missing.png"><p style="color: red">Inline style</p><hr width="900">
<script src="/faults.js"></script></main></html>`;
const faults = `console.error('told'); fetch('/cut-off').catch(() => {}); setTimeout(() => { throw new Error('thrown'); });`;

let server: Server;
let browser: TestBrowser;
let origin: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/') {
      response.setHeader('content-security-policy', "default-src 'self'");
      response.setHeader('content-type', 'text/html; charset=utf-8').end(faulty);
    } else if (request.url === '/faults.js')
      response.setHeader('content-type', 'text/javascript').end(faults);
    else if (request.url === '/cut-off') request.socket.destroy();
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('what watches the pages', () => {
  it.each([
    ['a violation of the policy', /^policy violation: style-src-attr inline/],
    ['an error on the console', /^console error: told/],
    ['an error nobody caught', /^error in the page: thrown/],
    ['a request that fails', /^failed request: GET .*\/cut-off/],
    ['a refusal', /^refused: 404 for GET .*\/missing\.png/],
  ])('notices %s', async (_what, wanted) => {
    const { page, problems, close } = await openWatchedPage(browser.browser);
    await page.goto(`${origin}/`);
    await expect.poll(() => problems).toContainEqual(expect.stringMatching(wanted));
    await close();
  });

  it('takes a refusal that was announced for what it is', async () => {
    const { page, problems, expectRefusal, close } = await openWatchedPage(browser.browser);
    expectRefusal(404, '/missing.png');
    await page.goto(`${origin}/`, { waitUntil: 'load' });
    expect(problems.filter((problem) => problem.startsWith('refused'))).toEqual([]);
    await close();
  });

  it('finds what axe-core objects to behind a policy that lets no script in, and what sticks out', async () => {
    const { page, close } = await openWatchedPage(browser.browser);
    await page.goto(`${origin}/`);
    const wrong = await lookAtPage(page, 'faulty');
    expect(wrong).toContainEqual(expect.stringContaining('faulty, desktop: image-alt'));
    expect(wrong).toContainEqual(expect.stringMatching(/^faulty, phone-dark: the page is 9\d\d px wide/));
    await close();
  });
});
