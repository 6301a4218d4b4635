import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limitOutgoingTls } from '@cordon/service';
import { findCommand } from './command-table.ts';
import { renderHelp } from './help.ts';
import { outliveOutput } from './outlive-output.ts';
import { tellError } from './tell-error.ts';
import { checkoutRoot } from './up/layout.ts';

const asksForHelp = (word: string): boolean => word === '--help' || word === '-h';

async function main(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args;
  if (name === 'help' || asksForHelp(name)) {
    console.log(await renderHelp(rest[0]));
    return 0;
  }
  if (name === '--version' || name === '-v') {
    const text = await readFile(join(checkoutRoot, 'package.json'), 'utf8');
    console.log((JSON.parse(text) as { version: string }).version);
    return 0;
  }
  // Whatever a command reaches, by whichever library, it reaches as the services do.
  limitOutgoingTls();
  const { command } = await findCommand(name).load();
  if (rest.some(asksForHelp)) {
    console.log(command.usage);
    return 0;
  }
  return command.run(rest);
}

outliveOutput();
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  tellError(error);
  process.exitCode = 1;
}
// The launcher's channel would keep this process alive after its work.
if (process.connected) process.disconnect();
