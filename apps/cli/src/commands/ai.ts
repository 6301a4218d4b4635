import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loadPolicy } from '@cordon/access-policy';
import { AiGatewayError, compileGateway, explainCall, readExample } from '@cordon/ai-gateway';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { checkoutRoot, makeLayout } from '../up/layout.ts';

const usage = `cordon ai explain --purpose PURPOSE [--role ROLE] FILE

Shows what of a chat request would leave for a model under config/, and why, and sends nothing. FILE is JSON:
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

async function readText(file: string): Promise<string> {
  try {
    if ((await stat(file)).size <= MAX_FILE_BYTES) return await readFile(file, 'utf8');
  } catch (cause) {
    throw new CliError('arguments-invalid', 'That file cannot be read.', { cause });
  }
  throw new CliError('arguments-invalid', 'That file is larger than 1 MB.');
}

export const command: Command = { run, usage };
