import { fork } from 'node:child_process';
import { argon2, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cloneDatabases } from '@cordon/stores/testing';
import { hashesAtOnce, hashPassword } from '../../apps/identity/src/accounts/password.ts';
import type { EngineSettings } from '../../apps/identity/src/settings.ts';
import {
  password,
  startIdentityUnderTest,
  type IdentityUnderTest,
  type Person,
} from '../../apps/identity/testing/identity-under-test.ts';
import { formatCount, type BenchRow } from '../row.ts';
import { measureTokenCheck } from './check-token.ts';
import type { ClientAnswer, ClientAsk } from './clients.ts';
import { startOwnCluster } from '../../testing/start-cluster.ts';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const deriveArgon2 = promisify(argon2);

/** The parameters of identity's own hash, as many at a time as identity runs, and nothing around them. */
async function measureBareHashes(count: number): Promise<{ rate: number; cpuMs: number }> {
  const before = process.cpuUsage();
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
  await Promise.all(Array.from({ length: hashesAtOnce }, worker));
  const rate = count / ((performance.now() - started) / 1_000);
  const { user, system } = process.cpuUsage(before);
  return { rate, cpuMs: (user + system) / 1_000 / count };
}

/** Browsers and their applications, in a process of their own: what they cost is not the server's. */
async function startClients() {
  const child = fork(inRepository('bench/identity/clients.ts'));
  const next = async () => {
    const [message] = (await once(child, 'message')) as [{ engine: EngineSettings } | { done: ClientAnswer } | { error: string }];
    if ('error' in message) throw new Error(message.error);
    return message;
  };
  const hello = await next();
  if (!('engine' in hello)) throw new Error('the clients did not start');
  return {
    engine: hello.engine,
    async ask(ask: ClientAsk): Promise<ClientAnswer> {
      const answered = next();
      child.send(ask);
      const message = await answered;
      if (!('done' in message)) throw new Error('the clients gave no answer');
      return message.done;
    },
    close: () => {
      child.disconnect();
    },
  };
} // prettier-ignore

async function addPeople(identity: IdentityUnderTest, count: number): Promise<Person[]> {
  const passwordHash = await hashPassword(password);
  const people: Person[] = [];
  for (let index = 0; index < count; index += 1) people.push(await identity.addPerson({ passwordHash }));
  return people;
}

/** What the clients did, and what identity's own thread worked meanwhile for each of them. */
async function measureThread(count: number, run: () => Promise<ClientAnswer>) {
  const before = process.threadCpuUsage();
  const answer = await run();
  const { user, system } = process.threadCpuUsage(before);
  return { ...answer, threadMs: (user + system) / 1_000 / count };
}

/**
 * Password steps that arrive in one instant: they wait in the queue, and none fails. Held against bare argon2 with the
 * same parameters and the same number at once, measured in the same run.
 */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const count = options.quick === true ? 100 : 500;
  const cluster = await startOwnCluster();
  const clients = await startClients();
  try {
    const clones = await cloneDatabases(cluster.info, ['identity', 'audit']);
    const identity = await startIdentityUnderTest({ clones, engine: clients.engine });
    const { issuer } = identity;
    try {
      await clients.ask({ kind: 'open', issuer, people: await addPeople(identity, count) });
      const bare = await measureBareHashes(count);
      const passwords = await clients.ask({ kind: 'password' });
      await clients.ask({ kind: 'open', issuer, people: await addPeople(identity, count) });
      const finished = await measureThread(count, () => clients.ask({ kind: 'finish' }));
      const people = await addPeople(identity, count);
      const whole = await clients.ask({ kind: 'whole', issuer, people });
      const baseline = `bare argon2id, same parameters, ${hashesAtOnce} at once: ${formatCount(bare.rate)}/s`;
      const row = (name: string, { seconds }: ClientAnswer, unit: string): BenchRow => ({
        name: `${count} ${name}`,
        value: count / seconds,
        unit,
        baseline,
        ratio: count / seconds / bare.rate,
      });
      return [
        row('passwords at once, none refused', passwords, 'passwords/s'),
        row('sign-ins at once, password to tokens, none failed', finished, 'sign-ins/s'),
        row('sign-ins at once, pushed request to tokens, none failed', whole, 'sign-ins/s'),
        {
          name: `longest wait of ${count} passwords at once`,
          value: passwords.longest,
          unit: 's',
          baseline: `bare argon2id for as many: ${(count / bare.rate).toFixed(1)} s`,
          ratio: passwords.longest / (count / bare.rate),
        },
        {
          // With three hashes at once the thread is the bound from a third on.
          name: "work of identity's thread, password to tokens",
          value: finished.threadMs,
          unit: 'ms',
          baseline: `bare argon2id: ${bare.cpuMs.toFixed(1)} ms of a core`,
          ratio: finished.threadMs / bare.cpuMs,
        },
        ...(await measureTokenCheck()),
      ];
    } finally {
      await identity.close();
    }
  } finally {
    clients.close();
    await cluster.stop();
  }
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
