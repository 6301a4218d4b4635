import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { checkVerdict, ControlGateError, environments } from '@cordon/control-gate';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { measureBuilds } from '../gate/measure-builds.ts';
import { readCommit, requireSoundClock } from '../gate/run-gate.ts';
import { publicKeyFileOf, readVerdictKey } from '../gate/verdict-key.ts';
import { tellError } from '../tell-error.ts';
import { checkoutRoot, makeLayout } from '../up/layout.ts';

const usage = `cordon promote --to development|staging|production [--verdict FILE] [--key FILE] [-- COMMAND ARG...]

Asked by deploy/promote before anything is deployed: whether the gate let this very commit, with what is built of it here, go
to that environment, and not long ago. Runs the command then, and only then.

  --verdict FILE  the signed verdict, default .cordon/gate/verdict-ENVIRONMENT.json
  --key FILE      the public key that this deployment trusts, kept apart from the verdict; default: this installation's own

Exit code: 0 may go (else the command's own), 1 refused, 2 could not be asked.`;

async function run(args: readonly string[]): Promise<number> {
  try {
    return await promote(args);
  } catch (error) {
    tellError(error);
    return error instanceof ControlGateError ? 1 : 2;
  }
}

async function promote(args: readonly string[]): Promise<number> {
  const end = args.indexOf('--');
  const [words, command] = end < 0 ? [args, []] : [args.slice(0, end), args.slice(end + 1)];
  const { values } = parseArgs({
    args: [...words],
    options: { to: { type: 'string' }, verdict: { type: 'string' }, key: { type: 'string' } },
  });
  const to = environments.find((each) => each === values.to);
  if (to === undefined)
    throw new CliError('arguments-invalid', `Say where to: --to ${environments.join('|')}.`);
  const layout = makeLayout(checkoutRoot, 0);
  const file = values.verdict ?? `${layout.state}/gate/verdict-${to}.json`;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ControlGateError(
      'verdict-malformed',
      `There is no verdict at ${file}: run npx cordon gate --to ${to} first.`,
      { cause },
    );
  });
  const commit = await readCommit(checkoutRoot);
  if (commit === null)
    throw new ControlGateError('verdict-elsewhere', 'The tree was changed since its commit, so no verdict can be about it: commit, and run the gate again.'); // prettier-ignore
  await requireSoundClock(checkoutRoot);
  const key = await readVerdictKey(values.key ?? publicKeyFileOf(layout));
  checkVerdict(text, key, { to, commit, builds: await measureBuilds(checkoutRoot), now: new Date() });
  const [program, ...rest] = command;
  if (program === undefined) {
    process.stdout.write(`cordon: ${commit.slice(0, 12)} may go to ${to}\n`);
    return 0;
  }
  return spawnSync(program, rest, { stdio: 'inherit' }).status ?? 2;
}

export const command: Command = { run, usage };
