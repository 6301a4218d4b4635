import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type TestBrowser } from './launch-browser.ts';

let server: Server;
let browser: TestBrowser;
let port: number;
beforeAll(async () => {
  server = createServer((_request, response) => {
    response
      .setHeader('content-type', 'text/html; charset=utf-8')
      .end('<title>here</title><span>Words</span>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('the browser of the tests', () => {
  it('reaches loopback, by name and by address', async () => {
    const page = await browser.browser.newPage();
    for (const host of ['localhost', '127.0.0.1']) {
      await page.goto(`http://${host}:${port}/`);
      expect(await page.title()).toBe('here');
    }
    await page.close();
  });

  it('reaches nothing else: names and addresses end at a proxy that is not there', async () => {
    const page = await browser.browser.newPage();
    for (const host of ['example.com', '192.0.2.1', '[2001:db8::1]'])
      await expect(page.goto(`http://${host}/`, { timeout: 20_000 })).rejects.toThrow(
        'net::ERR_PROXY_CONNECTION_FAILED',
      );
    await page.close();
  });

  it('has a font to draw words with', async () => {
    const page = await browser.browser.newPage();
    await page.goto(`http://localhost:${port}/`);
    const box = await page.locator('span').boundingBox();
    expect(box?.width).toBeGreaterThan(20);
    await page.close();
  });

  it('leaves nothing behind', async () => {
    const other = await launchBrowser();
    expect(existsSync(other.folder)).toBe(true);
    await other.close();
    expect(other.browser.isConnected()).toBe(false);
    expect(existsSync(other.folder)).toBe(false);
  });
});
