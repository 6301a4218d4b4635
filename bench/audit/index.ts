import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey } from '@cordon/transparency-log';
import pg from 'pg';
import { cloneDatabases } from '../../packages/stores/testing.ts';
import type { BenchRow } from '../row.ts';
import { measureAppend } from './append.ts';
import { measureSequencing } from './sequence.ts';
import { measureSharing } from './share.ts';
import { startOwnCluster } from '../../testing/start-cluster.ts';

/** Commits that are waited for, as in production: test servers do without, and the append function alone asks for them by itself. */
async function waitForCommits(administrator: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(administrator);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>('SELECT quote_ident(current_database()) AS name');
    await client.query(`ALTER DATABASE ${rows[0]?.name ?? ''} SET synchronous_commit = 'on'`);
  } finally {
    await client.end();
  }
}

/**
 * The audit log beside the plainest way to do the same on the same server, in the same run. Both wait for their commits; the
 * server runs with fsync off for both, as in tests.
 */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const quick = options.quick ?? false;
  const cluster = await startOwnCluster();
  const folder = await mkdtemp(join(tmpdir(), 'cordon-audit-bench-'));
  const stores = await cloneDatabases(cluster.info, ['audit']);
  try {
    await waitForCommits(stores.admin('audit'));
    return [
      ...(await measureAppend(stores, quick ? 5_000 : 50_000)),
      ...(await measureSharing(stores, quick ? 2 : 5)),
      ...(await measureSequencing(stores, {
        entries: quick ? 50_000 : 300_000,
        folder,
        key: generateSigningKey('cordon.test/bench'),
      })),
    ];
  } finally {
    await stores.drop();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
