import type { Command } from '../command.ts';
import { commandTable } from '../command-table.ts';
import { CliError } from '../error.ts';

const usage = `cordon help [COMMAND]

Lists the commands, or explains one.`;

async function run(args: readonly string[]): Promise<number> {
  const [name] = args;
  if (name === undefined) {
    const width = Math.max(...[...commandTable.keys()].map((each) => each.length));
    console.log('cordon COMMAND\n');
    for (const [each, { summary }] of commandTable) console.log(`  ${each.padEnd(width)}  ${summary}`);
    console.log('\ncordon help COMMAND explains one.');
    return 0;
  }
  const entry = commandTable.get(name);
  if (!entry) throw new CliError('command-unknown', `There is no command "${name}": see cordon help.`);
  console.log((await entry.load()).command.usage);
  return 0;
}

export const command: Command = { run, usage };
