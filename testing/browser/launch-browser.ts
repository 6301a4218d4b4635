import { access, mkdtemp, rm } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser } from 'playwright-core';
import { unpackChromium, type ChromiumProgram } from './bundled-chromium.ts';

export interface TestBrowser {
  readonly browser: Browser;
  /** Where it came from: the machine's own Chromium, or the one unpacked from npm. */
  readonly origin: 'system' | 'bundled';
  /** Its home and, when bundled, the program; removed by `close`. */
  readonly folder: string;
  readonly close: () => Promise<void>;
}

const systemPrograms = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(
  (name) => `/usr/bin/${name}`,
);
/** How long a page may take to show what is waited for. */
const actionMilliseconds = 60_000;
const launchMilliseconds = 120_000;
const closeMilliseconds = 60_000;

const switches = [
  // The bundled build knows only this headless mode; other builds read it as "headless".
  '--headless=shell',
  // Test machines and containers often allow no user namespaces, and these browsers load our own pages alone.
  '--no-sandbox',
  '--disable-gpu',
  // Loopback and nothing else: no name resolves, and what has an address already meets a proxy that is not there.
  // Chromium never takes a proxy for loopback.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE ::1',
  '--proxy-server=http://127.0.0.1:1',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  '--no-first-run',
];

/**
 * Starts a Chromium that reaches loopback only: the machine's own, or the one from npm where there is none (or where
 * `CORDON_TEST_BROWSER=bundled` asks for it). Its home is a folder of its own below `parent`, removed at the end.
 */
export async function launchBrowser(parent = tmpdir()): Promise<TestBrowser> {
  const folder = await mkdtemp(join(parent, 'cordon-browser-'));
  const removeNow = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', removeNow);
  try {
    const { browser, origin } = await launchOne(folder);
    const newContext = browser.newContext.bind(browser);
    browser.newContext = async (options) => {
      const context = await newContext(options);
      context.setDefaultTimeout(actionMilliseconds);
      return context;
    };
    return {
      browser,
      origin,
      folder,
      close: async () => {
        await Promise.race([browser.close(), sleep(closeMilliseconds, undefined, { ref: false })]);
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
        process.off('exit', removeNow);
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    process.off('exit', removeNow);
    throw error;
  }
}

async function launchOne(folder: string): Promise<Pick<TestBrowser, 'browser' | 'origin'>> {
  const forced = process.env['CORDON_TEST_BROWSER'] === 'bundled';
  for (const path of forced ? [] : systemPrograms) {
    if (!(await exists(path))) continue;
    // Some systems put a script there that only says how to install a browser.
    const browser = await launch({ path, environment: {} }, folder).catch(() => undefined);
    if (browser) return { browser, origin: 'system' };
  }
  return { browser: await launch(await unpackChromium(folder), folder), origin: 'bundled' };
}

function launch(program: ChromiumProgram, folder: string): Promise<Browser> {
  return chromium.launch({
    executablePath: program.path,
    headless: true,
    args: switches,
    timeout: launchMilliseconds,
    env: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      LANG: 'C.UTF-8',
      HOME: folder,
      TMPDIR: folder,
      ...program.environment,
    },
  });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
