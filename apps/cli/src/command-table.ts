import type { Command } from './command.ts';

interface Entry {
  /** One line for `cordon help`. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** Every command, in the order `cordon help` lists them. */
export const commandTable: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ['up', { summary: 'start the stores and every app', load: () => import('./commands/up.ts') }],
  [
    'demo',
    {
      summary: "one-time codes and API tokens of the demo's people",
      load: () => import('./commands/demo.ts'),
    },
  ],
  ['audit', { summary: 'verify, export and prove the audit log', load: () => import('./commands/audit.ts') }],
  ['help', { summary: 'list the commands, or explain one', load: () => import('./commands/help.ts') }],
]);
