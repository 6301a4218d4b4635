import { createSecretKey, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createSealedPool, type SealedContext } from '@cordon/row-security';
import { sealKeyId } from '@cordon/stores';
import { cloneDatabases, startTestCluster, type StoreClones } from '@cordon/stores/testing';
import pg from 'pg';
import type { BenchRow } from '../row.ts';
import { fillStore, type FilledStore } from './fill-store.ts';

/** Long enough for the connection of the tenant's own to be there, and for plans to be kept. */
const warmUp = 50;
const root = join(import.meta.dirname, '..', '..');

/** Middle of the times of one statement, in milliseconds; the two ways alternate, so that a busy machine weighs on both. */
async function compare(
  times: number,
  sealed: () => Promise<unknown>,
  bare: () => Promise<unknown>,
): Promise<{ value: number; baseline: number }> {
  const measured: [number[], number[]] = [[], []];
  for (let turn = 0; turn < times + warmUp; turn += 1)
    for (const [index, run] of [sealed, bare].entries()) {
      const start = performance.now();
      await run();
      if (turn >= warmUp) measured[index]?.push(performance.now() - start);
    }
  const [value = 0, baseline = 0] = measured.map(
    (all) => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0,
  );
  return { value, baseline };
}

interface Question {
  readonly name: string;
  readonly role: 'role.clinician' | 'role.corporateAdmin';
  readonly times: number;
  readonly text: (table: string) => string;
  readonly values: (store: FilledStore) => unknown[];
}

const questions: readonly Question[] = [
  {
    name: 'point read',
    role: 'role.clinician',
    times: 1_000,
    text: (table) => `SELECT id, clinic_id, full_name FROM ${table} WHERE tenant_id = $1 AND id = $2`,
    values: (store) => [store.tenantId, store.patientId],
  },
  {
    name: 'list of 50',
    role: 'role.clinician',
    times: 600,
    text: (table) => `SELECT id, clinic_id, full_name FROM ${table} WHERE tenant_id = $1 AND clinic_id = $2
      ORDER BY created_at DESC, id DESC LIMIT 50`,
    values: (store) => [store.tenantId, store.clinicId],
  },
  {
    name: 'patients by clinic and year over one tenant, by who administers it',
    role: 'role.corporateAdmin',
    times: 60,
    text: (table) => `SELECT clinic_id, extract(year FROM created_at) AS year, count(*) FROM ${table}
      WHERE tenant_id = $1 GROUP BY 1, 2`,
    values: (store) => [store.tenantId],
  },
  {
    name: 'bare count over one tenant, by who administers it',
    role: 'role.corporateAdmin',
    times: 60,
    text: (table) => `SELECT count(*) FROM ${table} WHERE tenant_id = $1`,
    values: (store) => [store.tenantId],
  },
  {
    name: 'bare count over every clinic of one tenant, by a clinician of each',
    role: 'role.clinician',
    times: 60,
    text: (table) => `SELECT count(*) FROM ${table} WHERE tenant_id = $1 AND clinic_id = ANY ($2)`,
    values: (store) => [store.tenantId, store.clinicIds],
  },
];

/**
 * The sealed context and row security on `clinical.patients`, beside the same statement with the same explicit WHERE over a copy
 * of the table without row security. Both prepared, each over one TLS connection, from the client's first byte to the last row.
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
  const cluster = await startTestCluster({
    databaseFolder: join(root, 'database'),
    sharedSql: {
      rowSecurity: join(root, 'packages/row-security/sql'),
      fieldEncryption: join(root, 'packages/field-encryption/sql'),
    },
  });
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
  const result: BenchRow[] = [];
  try {
    for (const { name, role, times, text, values } of questions) {
      const context: SealedContext = {
        tenantId: filled.tenantId,
        subject,
        role,
        clinicIds: role === 'role.clinician' ? filled.clinicIds : [],
        readable: ['patientProfile'],
        writable: [],
        expiresAt: new Date(Date.now() + 3_600_000),
      };
      const parameters = values(filled);
      const { value, baseline } = await compare(
        times,
        () => sealed.query(context, text('clinical.patients'), parameters),
        () => bare.query({ name: `q${result.length}`, text: text('bench.patients'), values: parameters }),
      );
      result.push({
        name: `${name}, ${size}`,
        value,
        unit: 'ms',
        baseline: `the same WHERE without row security, prepared as well, ${baseline.toFixed(3)} ms`,
        ratio: value / baseline,
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
