import { cloneDatabases } from '@cordon/stores/testing';
import { createRateLimit } from '@cordon/web-guard';
import { runEngineOn } from '../../testing/engine/run-engine-on.ts';
import { requestsPerSecond } from '../requests-per-second.ts';
import { formatCount, type BenchRow } from '../row.ts';
import { startBaseline } from './baseline.ts';
import { startOwnCluster } from '../../testing/start-cluster.ts';

/**
 * One patient, read through the whole path (token, policy, audit made durable, row security, keys, decryption), beside the
 * same fields in plain columns over bare Fastify and pg with an explicit WHERE. Both on the same embedded server, one after
 * the other, at each number of connections. The server runs with fsync off for both, as in tests.
 */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const seconds = options.quick === true ? 3 : 10;
  const cluster = await startOwnCluster();
  const engine = await runEngineOn(await cloneDatabases(cluster.info), undefined, {
    rateLimit: createRateLimit({ store: { take: () => ({ allowed: true }) } }),
  });
  const baseline = await startBaseline(engine.stores);
  const rows: BenchRow[] = [];
  try {
    const patientId = engine.account('Petra Patientson').patientRecordId ?? '';
    const token = await engine.token(engine.account('clinician'));
    const headers = { authorization: `Bearer ${token}` };
    const whole = `${engine.running.url}/v1/patients/${patientId}`;
    await requestsPerSecond(whole, headers, 5, 2);
    await requestsPerSecond(baseline.url, {}, 5, 2);
    for (const connections of [1, 10, 50]) {
      const bare = await requestsPerSecond(baseline.url, {}, connections, seconds);
      const value = await requestsPerSecond(whole, headers, connections, seconds);
      rows.push({
        name: `patient read, whole path, ${connections} connections`,
        value,
        unit: 'requests/s',
        baseline: `bare Fastify + pg, explicit WHERE, plain columns: ${formatCount(bare)}/s`,
        ratio: value / bare,
      });
    }
  } finally {
    await baseline.close();
    await engine.close();
    await cluster.stop();
  }
  return rows;
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
