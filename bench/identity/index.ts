import { argon2, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cloneDatabases, startTestCluster } from '@cordon/stores/testing';
import { hashPassword } from '../../apps/identity/src/accounts/password.ts';
import {
  codeOf,
  startIdentityUnderTest,
  type IdentityUnderTest,
  type Person,
} from '../../apps/identity/testing/identity-under-test.ts';
import { finishAt } from '../../apps/identity/testing/relying-party.ts';
import { openPage, post, type Page } from '../../apps/identity/testing/sign-in-page.ts';
import { formatCount, type BenchRow } from '../row.ts';
import { measureTokenCheck } from './check-token.ts';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const password = 'tandem obsidian walrus teapot';
const deriveArgon2 = promisify(argon2);

/** The parameters of identity's own hash, three at a time as identity runs them, and nothing around them. */
async function bareHashesPerSecond(count: number): Promise<number> {
  const started = performance.now();
  const one = () =>
    deriveArgon2('argon2id', {
      message: password,
      nonce: randomBytes(16),
      memory: 19_456,
      passes: 2,
      parallelism: 1,
      tagLength: 32,
    });
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await one();
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  return count / ((performance.now() - started) / 1_000);
}

async function preparePages(
  identity: IdentityUnderTest,
  count: number,
): Promise<{ page: Page; person: Person }[]> {
  const passwordHash = await hashPassword(password);
  const prepared: { page: Page; person: Person }[] = [];
  for (let index = 0; index < count; index += 1) {
    const person = await identity.addPerson({ passwordHash });
    prepared.push({ page: await openPage(identity), person });
  }
  return prepared;
}

/** From the password to the tokens, with every request that a browser and its application make in between. */
async function finishSignIns(
  identity: IdentityUnderTest,
  prepared: { page: Page; person: Person }[],
): Promise<number> {
  const started = performance.now();
  await Promise.all(
    prepared.map(async ({ page, person }) => {
      await post(page, 'password', { email: person.email, password });
      // Throws where a step, the redirect or the token endpoint refuses.
      await finishAt(identity, page, await post(page, 'code', { code: codeOf(person.secret) }));
    }),
  );
  return (performance.now() - started) / 1_000;
}

/**
 * Password steps that arrive in one instant: they wait in the queue, and none fails. Held against bare argon2 with the
 * same parameters and the same number at once, measured in the same run.
 */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const people = options.quick === true ? 100 : 500;
  const cluster = await startTestCluster({
    databaseFolder: inRepository('database'),
    sharedSql: {
      rowSecurity: inRepository('packages/row-security/sql'),
      fieldEncryption: inRepository('packages/field-encryption/sql'),
    },
  });
  try {
    const clones = await cloneDatabases(cluster.info, ['identity', 'audit']);
    const identity = await startIdentityUnderTest({ clones });
    try {
      const prepared = await preparePages(identity, people);
      const bare = await bareHashesPerSecond(people);
      const started = performance.now();
      const waits: number[] = [];
      const answers = await Promise.all(
        prepared.map(async ({ page, person: { email } }) => {
          const answer = await post(page, 'password', { email, password });
          waits.push(performance.now() - started);
          return answer;
        }),
      );
      const seconds = (performance.now() - started) / 1_000;
      const failed = answers.filter(({ body }) => body['step'] !== 'code');
      if (failed.length > 0)
        throw new Error(`${failed.length} of ${people} sign-ins failed: ${JSON.stringify(failed[0])}`);
      const baseline = `bare argon2id, same parameters, three at once: ${formatCount(bare)}/s`;
      const rate = people / seconds;
      const longest = Math.max(...waits) / 1_000;
      const whole = people / (await finishSignIns(identity, await preparePages(identity, people)));
      return [
        {
          name: `${people} passwords at once, none refused`,
          value: rate,
          unit: 'passwords/s',
          baseline,
          ratio: rate / bare,
        },
        {
          name: `${people} sign-ins at once, password to tokens, none failed`,
          value: whole,
          unit: 'sign-ins/s',
          baseline,
          ratio: whole / bare,
        },
        {
          name: `longest wait of ${people} at once`,
          value: longest,
          unit: 's',
          baseline: `bare argon2id for as many: ${(people / bare).toFixed(1)} s`,
          ratio: longest / (people / bare),
        },
        ...(await measureTokenCheck()),
      ];
    } finally {
      await identity.close();
    }
  } finally {
    await cluster.stop();
  }
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
