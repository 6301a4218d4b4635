import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loadPolicy } from '@cordon/access-policy';
import { AiGatewayError, compileGateway, explainCall, readExample } from '@cordon/ai-gateway';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { runEngineJob } from '../run-engine-job.ts';
import { checkoutRoot, makeLayout } from '../up/layout.ts';

const usage = `cordon ai explain --purpose PURPOSE [--role ROLE] FILE
cordon ai stop provider|purpose|tenant ID
cordon ai start provider|purpose|tenant ID

stop ends what is under way and refuses what comes, in every process, at once; start lets it go on. Both are audited.

Shows what of a chat request would leave for a model under config/, and why, and sends nothing. FILE is JSON: a body of OpenAI's
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
  if (verb === 'stop' || verb === 'start') return changeStop(verb, file, more);
  if (verb !== 'explain' || file === undefined || values.purpose === undefined || more.length > 0)
    throw new CliError('arguments-invalid', usage);
  const gateway = compileGateway((await loadPolicy(makeLayout(checkoutRoot, 0).config)).files.aiGateway);
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

const kinds = ['provider', 'purpose', 'tenant'];

async function changeStop(
  verb: 'stop' | 'start',
  kind: string | undefined,
  [target, ...more]: readonly string[],
): Promise<number> {
  if (kind === undefined || !kinds.includes(kind) || target === undefined || more.length > 0)
    throw new CliError('arguments-invalid', usage);
  console.log(JSON.stringify(await runEngineJob('ai-job', { verb, kind, target })));
  return 0;
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
    if ((await stat(file)).size <= MAX_FILE_BYTES) return await readFile(file);
  } catch (cause) {
    throw new CliError('arguments-invalid', 'That file cannot be read.', { cause });
  }
  throw new CliError('arguments-invalid', 'That file is larger than 1 MB.');
}

export const command: Command = { run, usage };
