import type { Command } from '../command.ts';
import { checkoutRoot, makeLayout } from '../up/layout.ts';
import { readUpOptions } from '../up/options.ts';
import { runUp } from '../up/run-up.ts';

const usage = `cordon up [--port BASE] [--tls] [--fresh] [--empty]

Starts PostgreSQL with the five stores, then engine, identity, console, portal and sequencer, each a process of its own. Runs
until Ctrl-C. Adds a demo of two made-up clinic groups, unless the installation is begun with --empty. Data, secrets and logs are in .cordon, which git ignores.

  --port BASE  the first of seven ports in a row, default 7400 (or CORDON_BASE_PORT)
  --tls        serve https with a private authority
  --fresh      remove data and secrets, and begin again
  --empty      begin without the demo; "cordon tenants add" then adds the first clinic group. An installation stays without it,
               and --fresh no longer removes it

CORDON_MARKETING_URL, CORDON_CLINICAL_URL, CORDON_VAULT_URL, CORDON_AUDIT_URL and CORDON_IDENTITY_URL, set together,
replace the embedded server with PostgreSQL 15 or newer of your own: postgresql://admin:password@host:5432/database
?sslmode=verify-full. CORDON_DATABASE_CA_FILE names the authority that signed the servers' certificates.`;

async function run(args: readonly string[]): Promise<number> {
  const options = readUpOptions(args, process.env);
  return runUp(makeLayout(checkoutRoot, options.basePort), options);
}

export const command: Command = { run, usage };
