import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { addTenant, describeAdded } from '../tenants/add-tenant.ts';
import { readTenantRequest } from '../tenants/tenant-request.ts';

const usage = `cordon tenants add --name CODE --clinic CODE --admin-email EMAIL --admin-name NAME [--region REGION]
cordon tenants add --name CODE --clinic CODE --admin-account ID [--region REGION]

Adds a tenant (a clinic group) with its first clinic and its first administrator, a corporate administrator who invites
everybody else. Prints a link with which the administrator chooses a password; the first sign-in sets up the second factor.
The link works once, within 24 hours. Run the same command again to go on after an interruption, or for another link while no
password was chosen; it changes nothing else, and the link before stops working. Everything is audited.

  --name CODE         2 to 40 small letters, digits and dashes: northgate-group is shown as "Northgate Group"
  --clinic CODE       the same for the clinic
  --admin-email EMAIL the administrator's address, with which to sign in; somebody who has an account keeps it
  --admin-name NAME   the administrator's name
  --admin-account ID  instead of both, where another provider signs people in: the account's id there, a UUID
  --region REGION     where the records must be kept, such as region.uk; refused where this installation keeps them elsewhere

Works on the installation in this checkout or, where CORDON_ENV is set, as the engine and identity of this environment.`;

async function run(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      clinic: { type: 'string' },
      region: { type: 'string' },
      'admin-email': { type: 'string' },
      'admin-name': { type: 'string' },
      'admin-account': { type: 'string' },
    },
  });
  if (positionals.join(' ') !== 'add') throw new CliError('arguments-invalid', usage);
  const request = readTenantRequest(values, usage);
  console.log(describeAdded(request, await addTenant(request)));
  return 0;
}

export const command: Command = { run, usage };
