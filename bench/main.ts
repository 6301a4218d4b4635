import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchRow } from './row.ts';

type Run = (options: { readonly quick?: boolean }) => Promise<BenchRow[]>;

/** Every benchmark, by the name under which it can be asked for alone. */
const benchmarks: Readonly<Record<string, () => Promise<{ run: Run }>>> = {
  start: () => import('./start/index.ts'),
  'core-path': () => import('./core-path/index.ts'),
  intake: () => import('./intake/index.ts'),
  'pan-scrubber': () => import('./pan-scrubber/index.ts'),
  'access-policy': () => import('./access-policy/index.ts'),
  'transparency-log': () => import('./transparency-log/index.ts'),
};

const usage = `npm run bench [-- NAME …] [-- --quick]

Names: ${Object.keys(benchmarks).join(', ')}. Each figure stands beside a baseline of the same run; the ratio is what counts.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
const unknown = names.filter((name) => !(name in benchmarks));
if (values.help || unknown.length > 0) {
  console.log(usage);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const results: Record<string, BenchRow[]> = {};
for (const name of names) {
  const load = benchmarks[name];
  if (load === undefined) continue;
  process.stderr.write(`bench: ${name} …\n`);
  const rows = await (await load()).run({ quick: values.quick });
  results[name] = rows;
  console.log(`\n${name}`);
  for (const row of rows)
    console.log(
      `  ${row.name.padEnd(62)} ${formatValue(row.value).padStart(12)} ${row.unit.padEnd(14)} ${row.ratio.toFixed(3).padStart(9)} × ${row.baseline}`,
    );
}
const folder = join(import.meta.dirname, '..', '.cordon', 'bench');
await mkdir(folder, { recursive: true });
const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}.json`);
const machine = { cores: cpus().length, memoryBytes: totalmem(), node: process.version };
await writeFile(
  file,
  `${JSON.stringify({ at: new Date().toISOString(), quick: values.quick, machine, results }, null, 2)}\n`,
);
console.log(`\nWritten to ${file}`);

function formatValue(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-GB') : value.toFixed(value >= 1 ? 2 : 4);
}
