// Runs `run()` of each bench/<name>/index.ts, one after the other, prints their rows and writes them as JSON.
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PlainFailure, tellFailures } from './failure.mjs';
import { root } from './root.mjs';
import { say } from './say.mjs';

const folder = join(root, 'bench');

await tellFailures(async () => {
  const known = await listBenchmarks();
  const words = process.argv.slice(2);
  // Adds the sizes that take long to those benchmarks that have them.
  const large = words.includes('--large');
  const wanted = words.filter((word) => word !== '--large');
  for (const name of wanted)
    if (!known.includes(name))
      throw new PlainFailure(`There is no benchmark "${name}": there are ${known.join(', ')}.`);
  const rows = [];
  let failed = 0;
  for (const name of wanted.length > 0 ? wanted : known) {
    say(`Measuring ${name} …`);
    try {
      // eslint-disable-next-line no-unsanitized/method -- the name is one of the folders that were listed
      const { run } = await import(pathToFileURL(join(folder, name, 'index.ts')).href);
      for (const row of await run({ large })) rows.push({ benchmark: name, ...row });
    } catch (error) {
      failed += 1;
      console.error(error);
    }
  }
  console.log(renderTable(rows));
  say(`Written to ${await writeResults(rows)}`);
  if (failed > 0) say(`${failed} benchmark(s) failed; their errors are above.`);
  return failed > 0 || rows.length === 0 ? 1 : 0;
});

// What a benchmark left open must not keep this process; its launcher's channel neither.
process.exit();

async function listBenchmarks() {
  const names = [];
  for (const name of (await readdir(folder)).sort())
    if (await stat(join(folder, name, 'index.ts')).catch(() => undefined)) names.push(name);
  return names;
}

function renderTable(rows) {
  const head = ['benchmark', 'measured', 'value', 'ratio', 'against'];
  const lines = rows.map(({ benchmark, name, value, unit, ratio, baseline }) => [
    benchmark,
    name,
    `${value.toLocaleString('en-GB', { maximumSignificantDigits: 4 })} ${unit}`,
    ratio.toFixed(2),
    baseline,
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column].length)),
  );
  const render = (line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  return [render(head), render(widths.map((width) => '-'.repeat(width))), ...lines.map(render)].join('\n');
}

async function writeResults(rows) {
  const file = join(root, '.cordon', 'bench.json');
  await mkdir(join(root, '.cordon'), { recursive: true });
  const machine = {
    node: process.version,
    platform: process.platform,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
  };
  await writeFile(
    file,
    `${JSON.stringify({ measuredAt: new Date().toISOString(), machine, rows }, undefined, 2)}\n`,
  );
  return file;
}
