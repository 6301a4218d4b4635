import { createSecretKey, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createSealedPool, type SealedContext } from '@cordon/row-security';
import { sealKeyId } from '@cordon/stores';
import { cloneDatabases, startTestCluster } from '@cordon/stores/testing';
import pg from 'pg';
import type { BenchRow } from '../row.ts';
import { fillStore, type FilledStore } from './fill-store.ts';

const root = join(import.meta.dirname, '..', '..');

/** Middle of the times of one statement, in milliseconds; the two ways alternate, so that a busy machine weighs on both. */
async function compare(
  times: number,
  sealed: () => Promise<unknown>,
  bare: () => Promise<unknown>,
): Promise<{ value: number; baseline: number }> {
  const measured: [number[], number[]] = [[], []];
  for (let turn = 0; turn < times + 5; turn += 1)
    for (const [index, run] of [sealed, bare].entries()) {
      const start = performance.now();
      await run();
      if (turn >= 5) measured[index]?.push(performance.now() - start);
    }
  const [value = 0, baseline = 0] = measured.map(
    (all) => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0,
  );
  return { value, baseline };
}

const questions = [
  {
    name: 'point read',
    columns: 'id, clinic_id, full_name',
    where: 'tenant_id = $1 AND id = $2',
    tail: '',
    values: (store: FilledStore) => [store.tenantId, store.patientId],
  },
  {
    name: 'list of 50',
    columns: 'id, clinic_id, full_name',
    where: 'tenant_id = $1 AND clinic_id = $2',
    tail: 'ORDER BY created_at DESC, id DESC LIMIT 50',
    values: (store: FilledStore) => [store.tenantId, store.clinicId],
  },
  {
    name: 'count over one tenant',
    columns: 'count(*)',
    where: 'tenant_id = $1 AND clinic_id = ANY ($2)',
    tail: '',
    values: (store: FilledStore) => [store.tenantId, store.clinicIds],
  },
] as const;

/**
 * The sealed context and row security on `clinical.patients`, beside the same statement with the same explicit WHERE over a copy
 * of the table without row security. Both over one TLS connection, from the client's first byte to the last row.
 * @param options rows and tenants; 1,000,000 × 50 by default, 10,000,000 × 1,000 with CORDON_BENCH_LARGE set
 */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const large = process.env['CORDON_BENCH_LARGE'] !== undefined;
  const [rows, tenants] =
    options.quick === true ? [50_000, 5] : large ? [10_000_000, 1_000] : [1_000_000, 50];
  const cluster = await startTestCluster({
    databaseFolder: join(root, 'database'),
    sharedSql: {
      rowSecurity: join(root, 'packages/row-security/sql'),
      fieldEncryption: join(root, 'packages/field-encryption/sql'),
    },
  });
  const stores = await cloneDatabases(cluster.info, ['clinical']);
  const subject = randomUUID();
  const filled = await fillStore(stores.admin('clinical'), { rows, tenants, subject });
  const raw = stores.sealKey('clinical');
  const sealed = createSealedPool({
    connection: stores.connection('clinical', 'engine_clinical'),
    key: { keyId: sealKeyId(raw), key: createSecretKey(raw) },
    sharedConnections: 1,
    statementTimeoutMs: 60_000,
  });
  const bare = new pg.Client(stores.connection('clinical', 'engine_clinical'));
  await bare.connect();
  const context: SealedContext = {
    tenantId: filled.tenantId,
    subject,
    role: 'role.clinician',
    clinicIds: filled.clinicIds,
    readable: ['patientProfile'],
    writable: [],
    expiresAt: new Date(Date.now() + 3_600_000),
  };
  const result: BenchRow[] = [];
  try {
    for (const { name, columns, where, tail, values } of questions) {
      const over = (table: string) => `SELECT ${columns} FROM ${table} WHERE ${where} ${tail}`;
      const parameters = values(filled);
      const { value, baseline } = await compare(
        name.startsWith('count') ? 20 : 400,
        () => sealed.query(context, over('clinical.patients'), parameters),
        () => bare.query(over('bench.patients'), [...parameters]),
      );
      result.push({
        name: `${name}, ${rows.toLocaleString('en-GB')} rows of ${tenants} tenants`,
        value,
        unit: 'ms',
        baseline: `the same WHERE without row security, ${baseline.toFixed(3)} ms`,
        ratio: value / baseline,
      });
    }
  } finally {
    await bare.end();
    await sealed.close();
    await stores.drop();
    await cluster.stop();
  }
  return result;
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
