import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchBrowser } from '../../../testing/browser/launch-browser.ts';

interface StoredCredential {
  readonly credentialId: string;
  readonly isResidentCredential: boolean;
  readonly rpId: string;
  readonly privateKey: string;
  readonly userHandle?: string;
  readonly signCount: number;
}

/** A platform's authenticator that has verified its person and needs no touch. */
export async function addVirtualAuthenticator(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { devtools, authenticatorId };
}

/** A page of the provider in Chromium with a virtual authenticator (WebDriver's WebAuthn extension, over CDP). */
export class PasskeyPage {
  readonly #page: Page;
  readonly #devtools: CDPSession;
  readonly #authenticatorId: string;

  private constructor(page: Page, devtools: CDPSession, authenticatorId: string) {
    this.#page = page;
    this.#devtools = devtools;
    this.#authenticatorId = authenticatorId;
  }

  static async open(browser: Browser): Promise<PasskeyPage> {
    const page = await (await browser.newContext()).newPage();
    const { devtools, authenticatorId } = await addVirtualAuthenticator(page);
    return new PasskeyPage(page, devtools, authenticatorId);
  }

  /** Opens an authorization address: ends on the page of its sign-in. */
  async visit(url: string): Promise<void> {
    await this.#page.goto(url);
  }

  /** Runs in the page, on JSON: this project's types know no browser. */
  #run(body: string, input: unknown): Promise<unknown> {
    return this.#page.evaluate(`(async (input) => { ${body} })(${JSON.stringify(input)})`);
  }

  /** Asks as the sign-in page's script does. */
  async post(step: string, body: unknown = {}): Promise<{ status: number; body: Record<string, unknown> }> {
    const script = `
      const answer = await fetch(location.pathname + '/' + input.step, {
        method: 'POST',
        headers: { 'x-cordon-request': '1', 'content-type': 'application/json' },
        body: JSON.stringify(input.body),
      });
      return { status: answer.status, body: await answer.json() };`;
    return (await this.#run(script, { step, body })) as { status: number; body: Record<string, unknown> };
  }

  async create(options: unknown): Promise<Record<string, unknown>> {
    const script = `
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(input);
      return (await navigator.credentials.create({ publicKey })).toJSON();`;
    return (await this.#run(script, options)) as Record<string, unknown>;
  }

  async get(options: unknown): Promise<Record<string, unknown>> {
    const script = `
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(input);
      return (await navigator.credentials.get({ publicKey })).toJSON();`;
    return (await this.#run(script, options)) as Record<string, unknown>;
  }

  async verifiesUser(verified: boolean): Promise<void> {
    await this.#devtools.send('WebAuthn.setUserVerified', {
      authenticatorId: this.#authenticatorId,
      isUserVerified: verified,
    });
  }

  /** Turns the authenticator into a copy of itself from before: its counter stands where it stood. */
  async turnCounterTo(signCount: number): Promise<void> {
    const authenticatorId = this.#authenticatorId;
    const { credentials } = await this.#devtools.send('WebAuthn.getCredentials', { authenticatorId });
    for (const credential of credentials as StoredCredential[]) {
      await this.#devtools.send('WebAuthn.removeCredential', { authenticatorId, credentialId: credential.credentialId });
      await this.#devtools.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount } });
    }
  } // prettier-ignore

  close(): Promise<void> {
    return this.#page.context().close();
  }
}

export { launchBrowser };
