import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  authorizationCodeGrant,
  buildAuthorizationUrlWithPAR,
  randomPKCECodeVerifier,
  type Configuration,
} from 'openid-client';
import type { BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import {
  password,
  startIdentityUnderTest,
  type IdentityUnderTest,
  type Person,
} from '../../apps/identity/testing/identity-under-test.ts';
import { discover, requestParameters } from '../../apps/identity/testing/relying-party.ts';
import { launchBrowser } from '../../apps/identity/testing/virtual-authenticator.ts';

/** Builds the sign-in pages as they are shipped. */
export async function buildSignInPages(): Promise<{ pagesFolder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-sign-in-pages-'));
  await build({
    configFile: fileURLToPath(new URL('../../apps/identity/ui/vite.config.ts', import.meta.url)),
    logLevel: 'silent',
    build: { outDir: join(folder, 'ui'), emptyOutDir: true },
  });
  return { pagesFolder: join(folder, 'ui/'), remove: () => rm(folder, { recursive: true }) };
}

/** The sign-in pages in a real browser, of a provider whose engine is played; where the console would be, somebody answers. */
export class SignInPages {
  readonly identity: IdentityUnderTest;
  readonly callbackUrl: string;
  /** Where somebody else's application would be. */
  readonly lettersUrl: string;
  readonly #chromium: Awaited<ReturnType<typeof launchBrowser>>;
  readonly #close: () => Promise<void>;
  readonly #verifier = randomPKCECodeVerifier();

  private constructor(
    identity: IdentityUnderTest,
    callbackUrl: string,
    chromium: Awaited<ReturnType<typeof launchBrowser>>,
    close: () => Promise<void>,
  ) {
    this.identity = identity;
    this.callbackUrl = callbackUrl;
    this.lettersUrl = callbackUrl.replace('/auth/callback', '/letters');
    this.#chromium = chromium;
    this.#close = close;
  }

  static async start(): Promise<SignInPages> {
    const relyingParty = createServer((_request, response) => response.end('signed in'));
    await new Promise<void>((resolve) => relyingParty.listen(0, 'localhost', resolve));
    const consoleUrl = `http://localhost:${(relyingParty.address() as AddressInfo).port}`;
    const { pagesFolder, remove } = await buildSignInPages();
    const callbackUrl = `${consoleUrl}/auth/callback`;
    const identity = await startIdentityUnderTest({
      consoleUrl,
      pagesFolder,
      clients: [
        {
          client_id: 'letter-writer',
          client_name: 'Letter writer',
          first_party: false,
          redirect_uris: [`${consoleUrl}/letters`],
          post_logout_redirect_uris: [],
          application_type: 'web',
          token_endpoint_auth_method: 'none',
        },
      ],
    });
    const chromium = await launchBrowser();
    return new SignInPages(identity, callbackUrl, chromium, async () => {
      await chromium.close();
      await identity.close();
      relyingParty.closeAllConnections();
      relyingParty.close();
      await remove();
    });
  }

  newContext(): Promise<BrowserContext> {
    return this.#chromium.browser.newContext();
  }

  /** Opens a path of the provider, or begins a sign-in, in a browser of its own or in one that is open. */
  async open(path?: string, context?: BrowserContext): Promise<Page> {
    const page = await (context ?? (await this.newContext())).newPage();
    await page.goto(new URL(path ?? (await this.requestUrl()), this.identity.issuer).href);
    return page;
  }

  /** A pushed request of the console, or what leads to it. */
  async requestUrl(more: Record<string, string> = {}, configuration?: Configuration): Promise<string> {
    const parameters = { redirect_uri: this.callbackUrl, ...more };
    const request = await requestParameters(this.#verifier, parameters);
    return (await buildAuthorizationUrlWithPAR(configuration ?? (await discover(this.identity)), request))
      .href;
  }

  /** The tokens for the code that the page came back with. */
  async takeTokens(page: Page) {
    const configuration = await discover(this.identity);
    return authorizationCodeGrant(configuration, new URL(page.url()), { pkceCodeVerifier: this.#verifier });
  }

  close(): Promise<void> {
    return this.#close();
  }
}

export const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name }).waitFor();

/** Tab, until what has the focus is called so: whoever has no mouse comes there in just this way. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  const named = `(() => {
    const here = document.activeElement;
    return [here?.labels?.[0]?.textContent, here?.getAttribute('aria-label'), here?.textContent].filter(Boolean).join(' ');
  })()`;
  for (let press = 0; press < 40; press += 1) {
    await page.keyboard.press('Tab');
    if (name.test(await page.evaluate<string>(named))) return;
  }
  throw new Error(`the keyboard does not reach ${String(name)}`);
}

/** By the keyboard alone: the field, Tab to the next, Enter to send. */
export async function givePassword(page: Page, person: Person, key = 'Enter'): Promise<void> {
  await page.getByLabel('E-mail address').focus();
  await page.keyboard.type(person.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press(key);
}
