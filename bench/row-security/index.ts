import { createSecretKey, randomUUID } from 'node:crypto';
import { createSealedPool, type SealedContext } from '@cordon/row-security';
import { sealKeyId } from '@cordon/stores';
import { cloneDatabases, type StoreClones } from '@cordon/stores/testing';
import pg from 'pg';
import type { BenchRow } from '../row.ts';
import { fillStore, type FilledStore } from './fill-store.ts';
import { questions, type Asked } from './questions.ts';
import { startOwnCluster } from '../../testing/start-cluster.ts';

/** Long enough for the connection of the tenant's own to be there, and for plans to be kept. */
const warmUp = 50;
/** Middles of the times of one question asked in several ways, in milliseconds; the ways alternate, so that a busy machine weighs on all. */
async function compare<Way extends string>(
  times: number,
  ways: Readonly<Record<Way, () => Promise<unknown>>>,
): Promise<Record<Way, number>> {
  const runs = Object.entries(ways) as [Way, () => Promise<unknown>][];
  const measured = new Map(runs.map(([way]) => [way, [] as number[]]));
  for (let turn = 0; turn < times + warmUp; turn += 1)
    for (const [way, run] of runs) {
      const start = performance.now();
      await run();
      if (turn >= warmUp) measured.get(way)?.push(performance.now() - start);
    }
  return Object.fromEntries(
    [...measured].map(([way, all]) => [way, all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0]),
  ) as Record<Way, number>;
}

/**
 * The sealed context and row security on `clinical.patients`, beside the same statement over a copy of the table without row
 * security, with two explicit WHERE: one that says the same rules (the tenant, the clinics of the current membership, nobody
 * who is restricted), and one that says the tenant alone and so knows of no revocation. All are prepared, with the same settings,
 * each over one TLS connection, from the client's first byte to the last row.
 * 1,000,000 rows of 50 tenants; with `large` (`npm run bench -- --large`), 10,000,000 of 1,000 as well.
 */
export async function run(
  options: { readonly quick?: boolean; readonly large?: boolean } = {},
): Promise<BenchRow[]> {
  if (options.quick === true) return measure(50_000, 5);
  const rows = await measure(1_000_000, 50);
  if (options.large !== true) return rows;
  return [...rows, ...(await measure(10_000_000, 1_000))];
}

async function measure(rows: number, tenants: number): Promise<BenchRow[]> {
  const cluster = await startOwnCluster();
  try {
    const stores = await cloneDatabases(cluster.info, ['clinical']);
    const subject = randomUUID();
    const filled = await fillStore(stores.admin('clinical'), { rows, tenants, subject });
    return await ask(stores, filled, subject, `${rows.toLocaleString('en-GB')} rows of ${tenants} tenants`);
  } finally {
    await cluster.stop();
  }
}

async function ask(
  stores: StoreClones,
  filled: FilledStore,
  subject: string,
  size: string,
): Promise<BenchRow[]> {
  const raw = stores.sealKey('clinical');
  const connection = stores.connection('clinical', 'engine_clinical');
  const sealed = createSealedPool({
    connection,
    key: { keyId: sealKeyId(raw), key: createSecretKey(raw) },
    sharedConnections: 1,
    tenantConnections: 1,
    statementTimeoutMs: 60_000,
  });
  const bare = new pg.Client({ ...connection, pipeline: true });
  await bare.connect();
  // As the connections of the sealed pool that keep statements prepared.
  await bare.query(
    `SELECT set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', false)`,
  );
  const result: BenchRow[] = [];
  try {
    for (const question of questions) {
      const { name, role, times } = question;
      const context: SealedContext = {
        tenantId: filled.tenantId,
        subject,
        role,
        clinicIds: role === 'role.clinician' ? filled.clinicIds : [],
        readable: ['patientProfile'],
        writable: [],
        expiresAt: new Date(Date.now() + 3_600_000),
      };
      const run = ({ text, values }: Asked, kind: string) =>
        bare.query({ name: `${kind}${result.length}`, text, values: [...values] });
      const sealedWay = question.sealed(filled);
      const [ruled, plain] = [question.ruled(filled, subject), question.plain(filled)];
      const taken = await compare(times, {
        sealed: () => sealed.query(context, sealedWay.text, sealedWay.values),
        ruled: () => run(ruled, 'ruled'),
        plain: () => run(plain, 'plain'),
      });
      for (const [baseline, ms] of [
        ['an explicit WHERE of the same rules', taken.ruled],
        ['a WHERE of the tenant alone', taken.plain],
      ] as const)
        result.push({
          name: `${name}, ${size}`,
          value: taken.sealed,
          unit: 'ms',
          baseline: `${baseline}, no row security, ${ms.toFixed(3)} ms`,
          ratio: taken.sealed / ms,
        });
    }
  } finally {
    await bare.end();
    await sealed.close();
    await stores.drop();
  }
  return result;
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
