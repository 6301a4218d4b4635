import { spawn } from 'node:child_process';
import { chmod, cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestCluster } from '@cordon/stores/testing';
import type { BenchRow } from '../row.ts';

const root = join(import.meta.dirname, '..', '..');
const longestStartMs = 180_000;

/** Milliseconds from the start of `cordon up` to its line "Ready"; then it is ended as by Ctrl-C. */
async function measureStart(folder: string, port: number, flags: readonly string[]): Promise<number> {
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    [join(folder, 'apps/cli/bin/cordon.mjs'), 'up', '--port', String(port), ...flags],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: longestStartMs,
    },
  );
  const closed = new Promise((resolve) => child.once('close', resolve));
  let text = '';
  let ready: number | undefined;
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += String(chunk);
    if (ready !== undefined || !text.includes('Ready after')) continue;
    ready = performance.now() - begun;
    child.kill('SIGINT');
  }
  await closed;
  if (ready === undefined) throw new Error(`the start did not become ready:\n${text.slice(-2_000)}`);
  return ready;
}

/** A copy of the sources with its own state; what is installed and built is shared. */
async function copyCheckout(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-bench-start-'));
  await chmod(folder, 0o755);
  for (const name of ['apps', 'packages', 'database', 'config', 'launch', 'package.json'])
    await cp(join(root, name), join(folder, name), {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/**
 * Cold start (no data, no secrets: everything is made, migrated and seeded) and warm start (the data is kept), beside making
 * and starting the bare PostgreSQL with the five migrated stores that tests use.
 */
export async function run(): Promise<BenchRow[]> {
  const begun = performance.now();
  const cluster = await startTestCluster({
    databaseFolder: join(root, 'database'),
    sharedSql: {
      rowSecurity: join(root, 'packages/row-security/sql'),
      fieldEncryption: join(root, 'packages/field-encryption/sql'),
    },
  });
  const bare = performance.now() - begun;
  await cluster.stop();
  const folder = await copyCheckout();
  try {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    const cold = await measureStart(folder, port, []);
    const warm = await measureStart(folder, port, []);
    const baseline = `PostgreSQL made, started and migrated, nothing else: ${Math.round(bare)} ms`;
    return [
      { name: 'cold start to ready', value: cold, unit: 'ms', baseline, ratio: cold / bare },
      { name: 'warm start to ready', value: warm, unit: 'ms', baseline, ratio: warm / bare },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) console.table(await run());
