import { customFetch } from 'openid-client';
import { Browser } from '../../apps/identity/testing/browser.ts';
import { startFakeEngine } from '../../apps/identity/testing/fake-engine.ts';
import { codeOf, grantOf, password, type Person } from '../../apps/identity/testing/identity-under-test.ts';
import { discover, finishAt } from '../../apps/identity/testing/relying-party.ts';
import { openPage, post, type Page } from '../../apps/identity/testing/sign-in-page.ts';
import { leanFetch } from './lean-fetch.ts';

/** What the bench asks of the process in which browsers, their applications and the played engine live. */
export type ClientAsk =
  | { readonly kind: 'open'; readonly issuer: string; readonly people: readonly Person[] }
  | { readonly kind: 'password' }
  | { readonly kind: 'finish' }
  | { readonly kind: 'whole'; readonly issuer: string; readonly people: readonly Person[] };

export interface ClientAnswer {
  readonly seconds: number;
  /** The longest that one of them waited. */
  readonly longest: number;
  /** Of this process, while it asked. */
  readonly cpuSeconds: number;
}

interface Waiting {
  readonly page: Page;
  readonly person: Person;
}

const engine = await startFakeEngine();
let waiting: Waiting[] = [];

/** As an application does when it starts: once, whoever signs in there. */
async function startApplication(issuer: string) {
  const configuration = await discover({ issuer });
  configuration[customFetch] = (url, { body = null, method, headers }) =>
    leanFetch(url, { body, method, headers });
  return async (person: Person): Promise<Waiting> => ({
    person,
    page: await openPage({ issuer }, {}, new Browser(issuer, leanFetch), configuration),
  });
}

async function givePassword({ page, person: { email } }: Waiting): Promise<void> {
  const { status, body } = await post(page, 'password', { email, password });
  if (body['step'] !== 'code') throw new Error(`a password was refused: ${status} ${JSON.stringify(body)}`);
}

/** Throws where a step, the redirect or the token endpoint refuses. */
async function finish({ page, person }: Waiting): Promise<void> {
  const issuer = new URL(page.configuration.serverMetadata().issuer).origin;
  await finishAt({ issuer }, page, await post(page, 'code', { code: codeOf(person.secret) }));
}

async function atOnce<T>(each: readonly T[], run: (one: T) => Promise<void>): Promise<ClientAnswer> {
  const before = process.cpuUsage();
  const started = performance.now();
  let longest = 0;
  await Promise.all(
    each.map(async (one) => {
      await run(one);
      longest = Math.max(longest, performance.now() - started);
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return {
    seconds: (performance.now() - started) / 1_000,
    longest: longest / 1_000,
    cpuSeconds: (user + system) / 1e6,
  };
}

function grantAll(people: readonly Person[]): readonly Person[] {
  for (const { accountId } of people) engine.grants.set(accountId, [grantOf()]);
  return people;
}

async function answer(ask: ClientAsk): Promise<ClientAnswer> {
  switch (ask.kind) {
    case 'open': {
      const open = await startApplication(ask.issuer);
      waiting = [];
      for (const person of grantAll(ask.people)) waiting.push(await open(person));
      return { seconds: 0, longest: 0, cpuSeconds: 0 };
    }
    case 'password':
      return atOnce(waiting, givePassword);
    case 'finish':
      return atOnce(waiting, async (one) => {
        await givePassword(one);
        await finish(one);
      });
    case 'whole': {
      const open = await startApplication(ask.issuer);
      return atOnce(grantAll(ask.people), async (person) => {
        const one = await open(person);
        await givePassword(one);
        await finish(one);
      });
    }
  }
}

process.on('message', (ask: ClientAsk) => {
  answer(ask).then(
    (done) => process.send?.({ done }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : 'unknown' }),
  );
});
process.on('disconnect', () => void engine.close());
process.send?.({ engine: engine.settings });
