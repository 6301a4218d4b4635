import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '@cordon/stores/processes';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { checkInstallation } from '../secrets/check-installation.ts';
import { historyTexts, treeTexts } from '../secrets/git-texts.ts';
import { isKnownExample } from '../secrets/known-examples.ts';
import { scanTexts } from '../secrets/scan-texts.ts';
import { checkoutRoot, makeLayout } from '../up/layout.ts';

const usage = `cordon secrets check
cordon secrets scan

  scan   looks through every file of the tree and every version in the history for what has the form of a secret
  check  the same, and: secret files that others may read; this installation's secrets in logs and in the environments of
         the processes that run

Tells where something was found and of what kind, never the secret. What was found must be renewed, not only removed.`;

async function run(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  if ((verb !== 'check' && verb !== 'scan') || rest.length > 0)
    throw new CliError('arguments-invalid', usage);
  const tree = await scanTexts(treeTexts(checkoutRoot));
  const history = await scanTexts(historyTexts(checkoutRoot));
  const findings = [...tree.findings, ...history.findings].filter((finding) => !isKnownExample(finding));
  for (const { path, line, kind, blob } of findings)
    console.log(
      `${path}:${line}: ${kind}${blob === undefined ? '' : ` in the history, blob ${blob.slice(0, 12)}`}`,
    );
  console.log(
    `cordon: ${tree.scanned} files and ${history.scanned} versions in the history, ${findings.length} findings`,
  );
  let wrong = findings.length;
  if (verb === 'check') {
    const { secrets, logs, state } = makeLayout(checkoutRoot, 0);
    const found = await checkInstallation({ secrets, logs, pids: await runningPids(state) });
    for (const sentence of found) console.log(sentence);
    console.log(`cordon: this installation's files, logs and processes: ${found.length} findings`);
    wrong += found.length;
  }
  return wrong === 0 ? 0 : 1;
}

/** The apps of the installation in this checkout, as far as they run. */
async function runningPids(state: string): Promise<number[]> {
  const text = await readFile(join(state, 'apps.json'), 'utf8').catch(() => '[]');
  const pids = (JSON.parse(text) as { pid: number }[]).map(({ pid }) => pid);
  const alive = await Promise.all(pids.map((pid) => isAlive(pid)));
  return pids.filter((_pid, index) => alive[index] === true);
}

export const command: Command = { run, usage };
