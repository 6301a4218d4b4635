import { renderConnectionEnvironment } from '@cordon/stores';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { checkoutRoot, type Layout, makeLayout } from '../up/layout.ts';
import { makeStateFolder } from '../up/state-folder.ts';
import { type RunningStores, startStores, usesOwnServers } from '../up/stores.ts';

const usage = `cordon stores set-up

Creates the five stores on PostgreSQL servers of your own, or migrates them to this release, and starts nothing else. Running
it again changes nothing. Prints, for each login role, the settings of the process that uses it; passwords and seal keys are
files in .cordon/secrets, made where they are missing.

CORDON_MARKETING_URL, CORDON_CLINICAL_URL, CORDON_VAULT_URL, CORDON_AUDIT_URL and CORDON_IDENTITY_URL are addresses for a
superuser: postgresql://admin:password@host:5432/database?sslmode=verify-full, PostgreSQL 15 or newer.
CORDON_DATABASE_CA_FILE names the authority that signed the servers' certificates.`;

async function run(args: readonly string[]): Promise<number> {
  if (args.join(' ') !== 'set-up') throw new CliError('arguments-invalid', usage);
  const say = (line: string): void => {
    console.error(`cordon: ${line}`);
  };
  console.log(await setUpOwnStores(makeLayout(checkoutRoot, 0), say));
  say('The stores are ready');
  return 0;
}

/**
 * Sets the stores up on the servers that `CORDON_<STORE>_URL` name.
 * @returns lines for an environment file, by login role; secrets are named by their files
 * @throws CliError `arguments-invalid` where no server is named; StoresError
 */
export async function setUpOwnStores(layout: Layout, say: (line: string) => void): Promise<string> {
  if (!(await usesOwnServers(layout)))
    throw new CliError(
      'arguments-invalid',
      'This is for PostgreSQL servers of your own: set CORDON_MARKETING_URL, CORDON_CLINICAL_URL, CORDON_VAULT_URL, ' +
        'CORDON_AUDIT_URL and CORDON_IDENTITY_URL. The embedded server is set up by npm start.',
    );
  await makeStateFolder(layout);
  return renderSettings(await startStores(layout, say));
}

function renderSettings({ logins, sealKeyFiles }: RunningStores): string {
  const byRole = [...logins.values()].map((login) => ({
    title: `# login role ${login.role}`,
    settings: renderConnectionEnvironment(login),
  }));
  const sealKeys = [...sealKeyFiles].map(([store, file]) => [
    `CORDON_SEAL_KEY_${store.toUpperCase()}_FILE`,
    file,
  ]);
  return [...byRole, { title: '# engine', settings: Object.fromEntries(sealKeys) as Record<string, string> }]
    .map(({ title, settings }) =>
      [title, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)].join('\n'),
    )
    .join('\n\n');
}

export const command: Command = { run, usage };
