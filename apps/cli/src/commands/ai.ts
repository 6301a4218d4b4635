import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loadPolicy } from '@cordon/access-policy';
import { AiGatewayError, compileGateway, explainCall, readExample } from '@cordon/ai-gateway';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { runJob } from '../run-job.ts';
import { configFolder } from '../up/layout.ts';
import { uuidForm } from '../uuid-form.ts';

const usage = `cordon ai explain --purpose PURPOSE [--role ROLE] FILE
cordon ai stop provider|purpose|tenant ID
cordon ai start provider|purpose|tenant ID

stop ends what is under way and refuses what comes, in every process, at once; start lets it go on. Both are audited. ID is a
provider or purpose of champagne-ai-gateway-config.json, or a tenant's UUID.

Shows what of a chat request would leave for a model under the configuration, and why, and sends nothing. FILE is JSON: a body of OpenAI's
chat completions, or, with whom the record knows:
{ "request": a body of OpenAI's chat completions,
  "dataClassIds": what the request is made of (default: all that the purpose allows),
  "known": [{ "names": [], "dates": [], "addresses": [], "emails": [], "numbers": [] }] }
The role defaults to the first that may use the purpose.`;

const MAX_FILE_BYTES = 1_000_000;

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { purpose: { type: 'string' }, role: { type: 'string' } },
    allowPositionals: true,
  });
  const [verb, file, ...more] = positionals;
  if (verb === 'stop' || verb === 'start') return changeStop(verb, positionals.slice(1));
  if (verb !== 'explain' || file === undefined || values.purpose === undefined || more.length > 0)
    throw new CliError('arguments-invalid', usage);
  const gateway = compileGateway((await loadPolicy(configFolder())).files.aiGateway);
  try {
    console.log(
      explainCall(gateway, readExample(gateway, await readText(file), values.purpose, values.role)),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof AiGatewayError)) throw error;
    console.log(`Nothing would be sent: ${error.message}`);
    return 1;
  }
}

interface StopRequest {
  readonly verb: 'stop' | 'start';
  readonly kind: 'provider' | 'purpose' | 'tenant';
  readonly target: string;
}

async function changeStop(verb: StopRequest['verb'], words: readonly string[]): Promise<number> {
  // What is in force may be stopped while the files of tomorrow are still wrong.
  const files = await loadPolicy(configFolder()).then(
    (policy) => policy.files.aiGateway,
    () => undefined,
  );
  console.log(JSON.stringify(await runJob('ai-job', readStopRequest(verb, words, files))));
  return 0;
}

/**
 * A stop of what does not exist stops nothing, and would look like one.
 * @param files the configuration, where it can be read
 * @throws CliError `arguments-invalid`
 */
export function readStopRequest(
  verb: StopRequest['verb'],
  [kind, target, ...more]: readonly string[],
  files: Readonly<Record<'providers' | 'purposes', readonly { readonly id: string }[]>> | undefined,
): StopRequest {
  if (target === undefined || more.length > 0) throw new CliError('arguments-invalid', usage);
  if (kind === 'tenant') {
    if (!uuidForm.test(target.toLowerCase()))
      throw new CliError('arguments-invalid', 'That is no id of a tenant: give its UUID.');
    return { verb, kind, target: target.toLowerCase() };
  }
  if (kind !== 'provider' && kind !== 'purpose') throw new CliError('arguments-invalid', usage);
  const known = files?.[`${kind}s`].map(({ id }) => id);
  // What was taken out of the file while it was stopped can still be let go.
  if (verb === 'stop' && known?.includes(target) === false)
    throw new CliError(
      'arguments-invalid',
      `There is no ${kind} "${target}", so nothing was stopped. There are: ${known.join(', ')}.`,
    );
  return { verb, kind, target };
}

async function readText(file: string): Promise<string> {
  const bytes = await readBytes(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CliError('arguments-invalid', 'That file is no UTF-8.', { cause });
  }
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    const told = await stat(file);
    // A pipe or a terminal says no size, and may never end.
    if (!told.isFile()) throw new Error('not a file');
    if (told.size <= MAX_FILE_BYTES) return await readFile(file);
  } catch (cause) {
    throw new CliError('arguments-invalid', 'That file cannot be read.', { cause });
  }
  throw new CliError('arguments-invalid', 'That file is larger than 1 MB.');
}

export const command: Command = { run, usage };
