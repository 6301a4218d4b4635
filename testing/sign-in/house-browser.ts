import { codeOf, password, type Person } from '../../apps/identity/testing/identity-under-test.ts';
import { TestBrowser } from '../../packages/web-guard/testing.ts';
import type { House } from './start-house.ts';

export interface StepAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A browser at the sign-in page of a house's provider, sent there by its console. */
export class HouseBrowser {
  readonly browser = new TestBrowser();
  readonly #house: House;
  #page = '';

  constructor(house: House) {
    this.#house = house;
  }

  async begin(path = '/auth/sign-in'): Promise<void> {
    const target = `${this.#house.consoleUrl}${path}`;
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
    return this.browser.navigate(new URL(String(step.body['redirectTo']), this.#house.identity.issuer).href);
  }

  /** The whole way, factor included where one is asked for. */
  async signIn(person: Person, codeStep = 0): Promise<void> {
    await this.begin();
    let step = await this.givePassword(person);
    if (step.body['step'] === 'code') step = await this.post('code', { code: codeOf(person.secret, codeStep) });
    const end = await this.arrive(step);
    if (end.status !== 200) throw new Error(`not signed in: ${end.status}`);
  }

  /** A request of the console's page. */
  call(path: string, method = 'GET') {
    return this.browser.call(`${this.#house.consoleUrl}${path}`, { method });
  }
} // prettier-ignore
