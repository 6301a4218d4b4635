import { explainAccess, loadPolicy } from '@cordon/access-policy';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { configFolder } from '../up/layout.ts';

const usage = `cordon access explain --role ROLE --action ACTION --class CLASS [more]

Says whether the access policy permits it, by which line of which file, and every check that was asked on the way.
Reads the folder that CORDON_CONFIG_DIR names, or config/. "cordon access explain" alone lists what else can be given: clinics, own record, restriction, factor age …`;

async function run(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== 'explain') throw new CliError('arguments-invalid', usage);
  const policy = await loadPolicy<string, string>(configFolder());
  const { exitCode, text } = explainAccess(rest, policy);
  console.log(text);
  return exitCode;
}

export const command: Command = { run, usage };
