/**
 * How long `cordon up` takes until everything is ready, at the first start and at the second, against the embedded
 * PostgreSQL alone: its data folder made and its first query answered. Every round has a state folder of its own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { findFreeBasePort } from '../../testing/end-to-end/find-ports.ts';
import { startEmbeddedCluster } from '../../packages/stores/index.ts';
import type { BenchRow } from '../row.ts';

const rounds = 3;

export async function run(): Promise<BenchRow[]> {
  const cold: number[] = [];
  const warm: number[] = [];
  const bareCold: number[] = [];
  const bareWarm: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'cordon-bench-'));
    await chmod(folder, 0o711);
    try {
      bareCold.push(await startBare(folder));
      bareWarm.push(await startBare(folder));
      cold.push(await startAll(join(folder, 'state')));
      warm.push(await startAll(join(folder, 'state')));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return [
    describe('first start, to ready', cold, 'PostgreSQL alone: data folder made, first query', bareCold),
    describe('second start, to ready', warm, 'PostgreSQL alone: first query', bareWarm),
  ];
}

function describe(name: string, times: number[], what: string, baseline: number[]): BenchRow {
  return {
    name,
    value: middle(times),
    unit: 's',
    baseline: `${what} (${middle(baseline).toFixed(2)} s)`,
    ratio: middle(times) / middle(baseline),
  };
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

async function startBare(folder: string): Promise<number> {
  const port = await findFreeBasePort();
  const begun = performance.now();
  const cluster = await startEmbeddedCluster({
    serverFolders: [join(folder, 'bare')],
    secretsFolder: join(folder, 'bare-secrets'),
    definitions: [],
    port,
    durable: true,
    logFile: join(folder, 'bare.log'),
    log: () => undefined,
  });
  try {
    const client = new Client({
      host: 'localhost',
      port,
      ...cluster.administrator,
      database: 'postgres',
      ssl: { ca: cluster.authority.certificate },
    });
    await client.connect();
    await client.query('SELECT 1');
    const seconds = (performance.now() - begun) / 1000;
    await client.end();
    return seconds;
  } finally {
    await cluster.stop();
  }
}

async function startAll(state: string): Promise<number> {
  const port = await findFreeBasePort();
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    ['--conditions=cordon-source', join(import.meta.dirname, 'start-in.ts'), state, String(port)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exit = once(child, 'exit');
  let said = '';
  const ready = new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('Ready after')) resolve((performance.now() - begun) / 1000);
    });
    void exit.then(() => {
      reject(new Error(`cordon up ended before it was ready:\n${said}`));
    });
  });
  try {
    return await ready;
  } finally {
    child.kill('SIGTERM');
    await exit;
  }
}
