import type { Command } from './command.ts';
import { CliError } from './error.ts';

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
  [
    'stores',
    {
      summary: 'create or migrate the stores on PostgreSQL servers of your own',
      load: () => import('./commands/stores.ts'),
    },
  ],
  [
    'tenants',
    {
      summary: 'add a clinic group with its first clinic and administrator',
      load: () => import('./commands/tenants.ts'),
    },
  ],
  [
    'access',
    {
      summary: 'why the access policy permits or denies something',
      load: () => import('./commands/access.ts'),
    },
  ],
  [
    'ai',
    {
      summary: 'what the AI gateway would send, and why',
      load: () => import('./commands/ai.ts'),
    },
  ],
  ['audit', { summary: 'verify, export and prove the audit log', load: () => import('./commands/audit.ts') }],
  [
    'rls',
    {
      summary: 'attack row isolation, of this checkout or of any schema',
      load: () => import('./commands/rls.ts'),
    },
  ],
  [
    'keys',
    { summary: "rotate keys, destroy a patient's, prove it", load: () => import('./commands/keys.ts') },
  ],
  [
    'encryption',
    { summary: 'what each column holds, encrypted or not', load: () => import('./commands/encryption.ts') },
  ],
  [
    'secrets',
    {
      summary: 'look for secrets in the tree, its history, files, logs and environments',
      load: () => import('./commands/secrets.ts'),
    },
  ],
  [
    'gate',
    {
      summary: 'whether this may be promoted, and what is in the way',
      load: () => import('./commands/gate.ts'),
    },
  ],
  [
    'promote',
    {
      summary: 'deploy what the gate let through, and nothing else',
      load: () => import('./commands/promote.ts'),
    },
  ],
  ['check', { summary: 'ask every control, without judging', load: () => import('./commands/check.ts') }],
  [
    'certs',
    {
      summary: "make, renew and list this machine's certificates",
      load: () => import('./commands/certs.ts'),
    },
  ],
]);

/** Throws `command-unknown`. */
export function findCommand(name: string): Entry {
  const entry = commandTable.get(name);
  if (entry) return entry;
  throw new CliError('command-unknown', `There is no command "${name}": see cordon help.`);
}
