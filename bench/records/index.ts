import { cloneDatabases } from '@cordon/stores/testing';
import { createRateLimit } from '@cordon/web-guard';
import { runEngineOn, type TestEngine } from '../../testing/engine/run-engine-on.ts';
import { requestsPerSecond } from '../requests-per-second.ts';
import { formatCount, type BenchRow } from '../row.ts';
import { fillPatients } from './fill-patients.ts';
import { startListBaseline } from './list-baseline.ts';
import { startOwnCluster } from '../../testing/start-cluster.ts';

const connections = 10;
const listed = 50;

/** Fifty patients that the list opens, one audit entry each. */
async function addListed(engine: TestEngine, clinicId: string): Promise<void> {
  const token = await engine.token(engine.account('receptionist'));
  for (let n = 0; n < listed; n += 1) {
    const answer = await fetch(`${engine.running.url}/v1/patients`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ clinicId, fullName: 'Petra Patientson', dateOfBirth: '1984-03-17' }),
    });
    if (answer.status !== 201) throw new Error(`a patient was refused: ${answer.status}`);
  }
}

async function measureAt(engine: TestEngine, patients: number, seconds: number): Promise<BenchRow[]> {
  const { tenantId, clinicIds } = engine.account('clinician');
  const clinicId = clinicIds[0] ?? '';
  const patientId = engine.account('Petra Patientson').patientRecordId ?? '';
  await addListed(engine, clinicId);
  await fillPatients(engine.stores, { tenantId, clinicId }, patients);
  const bare = await startListBaseline(engine.stores, { tenantId, clinicId, patientId });
  const headers = { authorization: `Bearer ${await engine.token(engine.account('clinician'))}` };
  const base = `${engine.running.url}/v1/patients`;
  const pairs = [
    ['list of 50', `${base}?clinicId=${clinicId}`, bare.list],
    ['read of one', `${base}/${patientId}`, bare.read],
  ] as const;
  const rows: BenchRow[] = [];
  try {
    for (const [what, whole, plain] of pairs) {
      await requestsPerSecond(whole, headers, connections, 2);
      await requestsPerSecond(plain, {}, connections, 2);
      const baseline = await requestsPerSecond(plain, {}, connections, seconds);
      const value = await requestsPerSecond(whole, headers, connections, seconds);
      rows.push({
        name: `${what}, ${formatCount(patients)} patients, ${connections} connections`,
        value,
        unit: 'requests/s',
        baseline: `bare Fastify + pg, explicit WHERE, plain columns: ${formatCount(baseline)}/s`,
        ratio: value / baseline,
      });
    }
  } finally {
    await bare.close();
  }
  return rows;
}

/**
 * A clinic's list of fifty patients and one of them opened, through the whole path, in a store of so many patients of fifty
 * tenants, beside the same rows in plain text. The server runs with fsync off for both, as in tests.
 */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const cluster = await startOwnCluster();
  const rows: BenchRow[] = [];
  try {
    for (const patients of options.quick === true ? [10_000] : [10_000, 1_000_000]) {
      const engine = await runEngineOn(await cloneDatabases(cluster.info), undefined, {
        rateLimit: createRateLimit({ store: { take: () => ({ allowed: true }) } }),
      });
      try {
        rows.push(...(await measureAt(engine, patients, options.quick === true ? 3 : 10)));
      } finally {
        await engine.close();
      }
    }
  } finally {
    await cluster.stop();
  }
  return rows;
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
