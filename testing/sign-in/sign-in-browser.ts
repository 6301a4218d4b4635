import { codeOf, password, type Person } from '../../apps/identity/testing/identity-under-test.ts';
import { TestBrowser } from '../../packages/web-guard/testing.ts';
import type { TestInstallation } from './start-installation.ts';

export interface StepAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A browser at the sign-in page of a installation's provider, sent there by its console. */
export class SignInBrowser {
  readonly browser: TestBrowser;
  readonly #installation: TestInstallation;
  #page = '';

  readonly #appUrl: string;

  /** At the console, or where `app` says so at the portal; in a browser of its own, or in one that is open. */
  constructor(installation: TestInstallation, app: 'console' | 'portal' = 'console', browser = new TestBrowser()) {
    this.#installation = installation;
    this.#appUrl = app === 'console' ? installation.consoleUrl : installation.portalUrl;
    this.browser = browser;
  }

  async begin(path = '/auth/sign-in'): Promise<void> {
    const target = `${this.#appUrl}${path}`;
    const { url } = await this.browser.navigate(target, (next) => next.includes('/interaction/'));
    this.#page = url;
  }

  async post(step: string, body: unknown = {}): Promise<StepAnswer> {
    const answer = await this.browser.call(`${this.#page}/${step}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: answer.json() };
  }

  givePassword(person: Person): Promise<StepAnswer> {
    return this.post('password', { email: person.email, password });
  }

  /** Follows where the last step leads: back to the console, signed in. */
  arrive(step: StepAnswer) {
    return this.browser.navigate(new URL(String(step.body['redirectTo']), this.#installation.identity.issuer).href);
  }

  /** The whole way, factor included where one is asked for. */
  async signIn(person: Person, codeStep: 0 | 1 = 0, place?: { tenantId: string; role: string }): Promise<void> {
    await this.begin();
    let step = await this.givePassword(person);
    if (step.body['step'] === 'code') step = await this.post('code', { code: codeOf(person.secret, codeStep) });
    if (step.body['step'] === 'tenant') step = await this.post('tenant', place);
    const end = await this.arrive(step);
    if (end.status !== 200) throw new Error(`not signed in: ${end.status}`);
  }

  /** A request of the application's page. */
  call(path: string, method = 'GET') {
    return this.browser.call(`${this.#appUrl}${path}`, { method });
  }
} // prettier-ignore
