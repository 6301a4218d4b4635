import { cloneDatabases } from '@cordon/stores/testing';
import type { BenchRow } from '../row.ts';
import { benchSearch } from './search.ts';
import { benchDecryption, benchKeyCache } from './values.ts';
import { benchWholePath } from './whole-path.ts';
import { startOwnCluster } from '../../testing/start-cluster.ts';

/** What encryption costs: a patient through the API, values alone, search by blind tokens, a key from the cache. */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const quick = options.quick === true;
  const cluster = await startOwnCluster();
  try {
    const rows = await benchWholePath(cluster.info, quick ? 100 : 500);
    const stores = await cloneDatabases(cluster.info, ['clinical']);
    rows.push(await benchDecryption(stores, quick ? 20_000 : 100_000));
    await stores.drop();
    rows.push(await benchSearch(cluster.info, quick ? 50_000 : 1_000_000));
    rows.push(benchKeyCache(quick ? 100_000 : 1_000_000));
    return rows;
  } finally {
    await cluster.stop();
  }
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
