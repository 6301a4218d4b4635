import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureAppend } from './append.ts';
import { measureInclusion } from './inclusion.ts';
import { type BenchRow } from '../row.ts';
import { measureSigning } from './signing.ts';

/**
 * Speed of the transparency log, each figure beside a baseline of the same run.
 * @param options quick: a tree of 300,000 entries in place of 10,000,000, and shorter loops
 */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const quick = options.quick ?? false;
  const folder = await mkdtemp(join(tmpdir(), 'transparency-log-bench-'));
  try {
    return [
      ...measureAppend(quick ? 100_000 : 1_000_000),
      ...(await measureSigning()),
      ...(await measureInclusion(folder, quick ? 300_000 : 10_000_000)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
