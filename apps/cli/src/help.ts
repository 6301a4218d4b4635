import { commandTable, findCommand } from './command-table.ts';

const summary = 'list the commands, or explain one';

/** What `cordon help` prints: every command, or the usage of one. Throws `command-unknown`. */
export async function renderHelp(name: string | undefined): Promise<string> {
  if (name !== undefined && name !== 'help') return (await findCommand(name).load()).command.usage;
  const summaries = new Map([...commandTable].map(([each, entry]) => [each, entry.summary]));
  summaries.set('help', summary);
  const width = Math.max(...[...summaries.keys()].map((each) => each.length));
  return [
    'cordon COMMAND',
    '',
    ...[...summaries].map(([each, text]) => `  ${each.padEnd(width)}  ${text}`),
    '',
    'cordon help COMMAND explains one.',
  ].join('\n');
}
