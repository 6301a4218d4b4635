import { commandTable } from './command-table.ts';
import { tellError } from './tell-error.ts';
import { CliError } from './error.ts';

async function main(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args;
  const entry = commandTable.get(name === '--help' || name === '-h' ? 'help' : name);
  if (!entry) throw new CliError('command-unknown', `There is no command "${name}": see cordon help.`);
  const { command } = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(command.usage);
    return 0;
  }
  return command.run(rest);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  tellError(error);
  process.exitCode = 1;
}
// The launcher's channel would keep this process alive after its work.
if (process.connected) process.disconnect();
