import { createSecretKey, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSealedPool } from '@cordon/row-security';
import { createAuditAppender } from '../../apps/engine/src/audit/appender.ts';
import { sealKeyIdOf } from '../../apps/engine/src/stores/seal-key-id.ts';
import type { StoreClones } from '../../packages/stores/testing.ts';
import type { BenchRow } from '../row.ts';
import { makeEntry } from './append.ts';

const readsPerSecond = 200;
const people = 20;

/** Two hundred readings a second, at random times, by twenty people: how many commits they share, and how long one waits. */
export async function measureSharing(stores: StoreClones, seconds: number): Promise<BenchRow[]> {
  const seal = stores.sealKey('audit');
  const pool = createSealedPool({
    connection: stores.connection('audit', 'engine_audit'),
    key: { keyId: sealKeyIdOf(seal), key: createSecretKey(seal) },
  });
  let commits = 0;
  const sendTagged: typeof pool.sendTagged = (statement, texts) => {
    commits += 1;
    return pool.sendTagged(statement, texts);
  };
  const appender = createAuditAppender({ ...pool, sendTagged });
  const sessions = Array.from({ length: people }, () => randomUUID());
  const waits: number[] = [];
  const under: Promise<unknown>[] = [];
  try {
    await appender.append([makeEntry()]);
    commits = 0;
    const start = performance.now();
    for (let due = start; due < start + seconds * 1000;) {
      due += (-Math.log(1 - Math.random()) * 1000) / readsPerSecond;
      await sleep(Math.max(0, due - performance.now()));
      const asked = performance.now();
      const session = sessions[Math.floor(Math.random() * people)];
      under.push(appender.append([{ ...makeEntry(), actorSession: session }]).then(() => waits.push(performance.now() - asked))); // prettier-ignore
    }
    await Promise.all(under);
  } finally {
    await pool.close();
  }
  waits.sort((one, other) => one - other);
  const at = (share: number): string => (waits[Math.floor(waits.length * share)] ?? 0).toFixed(1);
  return [
    {
      name: `commits of ${readsPerSecond} reads a second by ${people} people; a read waits ${at(0.5)} ms, ${at(0.99)} ms at p99`,
      value: commits / seconds,
      unit: 'commits/s',
      baseline: `a commit for each, ${Math.round(waits.length / seconds)}/s`,
      ratio: commits / waits.length,
    },
  ];
}
