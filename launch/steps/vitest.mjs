import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root } from './root.mjs';

/**
 * Runs vitest with its output streamed, and ends with one line `N passed, N failed` that counts what failed outside
 * of a test as well. Answers 0 only when something ran and nothing failed.
 */
export async function runTests(node, args) {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-results-'));
  try {
    const file = join(folder, 'results.json');
    const code = await runVitest(node, args, file, join(folder, 'compiled'));
    const counts = countResults(await readFile(file, 'utf8').catch(() => undefined), code);
    process.stdout.write(`${renderCounts(counts)}\n`);
    return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runVitest(node, args, file, compiled) {
  const full = args.includes('--full');
  const child = spawn(
    node,
    [
      join(root, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      ...(full ? ['--root', root, '--config', join(root, 'launch', 'vitest-full.config.mjs')] : []),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...args.filter((each) => each !== '--full'),
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        PATH: [dirname(node), process.env.PATH ?? ''].join(delimiter),
        // Hundreds of processes load the same sources: what one of them has compiled the others need not.
        NODE_COMPILE_CACHE: compiled,
      },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * @param {string | undefined} report vitest's JSON report, if it came to write one
 * @param {number} code vitest's exit code
 */
export function countResults(report, code) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report === undefined ? [] : JSON.parse(report).testResults) {
    let failedTests = 0;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1;
      else if (status === 'failed') failedTests += 1;
      else counts.skipped += 1;
    }
    // A file can fail without a test of it: its import, a hook, a connection it left open.
    counts.failed += file.status === 'failed' ? Math.max(failedTests, 1) : failedTests;
  }
  // And a run without a file: the set-up, or an error nobody caught.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** The last line is always `N passed, N failed`: what reads it need know no other form. */
export function renderCounts({ passed, failed, skipped }) {
  return `${skipped > 0 ? `${skipped} skipped\n` : ''}${passed} passed, ${failed} failed`;
}
