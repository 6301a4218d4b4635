import type { Client } from 'pg';
import { quoteIdentifier as id } from '../connections.ts';
import type { StoreDefinition } from '../definitions.ts';
import { errorCodeOf, StoresError } from '../errors.ts';
import { makePasswordVerifier } from './password-verifier.ts';

const powerless = 'NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT';

/** What a forgotten statement or transaction may cost; a role's own session may ask for less or more. */
const limits: readonly (readonly [name: string, value: string, sinceVersion: number])[] = [
  ['statement_timeout', '30s', 15],
  ['lock_timeout', '5s', 15],
  ['idle_in_transaction_session_timeout', '15s', 15],
  ['transaction_timeout', '60s', 17],
];

/**
 * Makes the store's owner, its further owners and its login roles, or brings them back to what they should be:
 * no power, no membership, the generated password, limits on time and connections.
 */
export async function setUpRoles(
  client: Client,
  definition: StoreDefinition,
  passwords: ReadonlyMap<string, string>,
  options: { readonly serverVersion: number; readonly connectionLimit: number },
): Promise<void> {
  const owners = [definition.owner, ...definition.ownerRoles];
  const existing = await client.query<{ name: string }>(
    'SELECT rolname AS name FROM pg_catalog.pg_roles WHERE rolname = ANY ($1)',
    [[...owners, ...definition.logins]],
  );
  const known = new Set(existing.rows.map((row) => row.name));
  const statements = owners.map((role) => makeRole(known, role, 'NOLOGIN'));
  for (const role of definition.logins) {
    const password = passwords.get(role);
    if (!password) throw new StoresError('store-name-unknown', `There is no password for role ${role}.`);
    const verifier = await makePasswordVerifier(password);
    statements.push(
      makeRole(known, role, `LOGIN CONNECTION LIMIT ${options.connectionLimit} PASSWORD '${verifier}'`),
      ...limits
        .filter(([, , since]) => options.serverVersion >= since)
        .map(([name, value]) => `ALTER ROLE ${id(role)} SET ${name} = '${value}'`),
    );
  }
  try {
    await client.query(`BEGIN; ${statements.join('; ')}; COMMIT`);
    await revokeMemberships(client, definition);
    await joinOwners(client, owners);
  } catch (error) {
    await client.query('ROLLBACK');
    if (errorCodeOf(error) !== '42501') throw error;
    throw new StoresError(
      'administrator-may-not-create-roles',
      `The administrator of the ${definition.store} store may not create roles: give its role CREATEROLE, or name one ` +
        'that has it in the store’s URL.',
      { cause: error },
    );
  }
}

function makeRole(known: ReadonlySet<string>, role: string, attributes: string): string {
  // Only a superuser may name these attributes in ALTER ROLE, even to switch them off; a role made here has none.
  return known.has(role)
    ? `ALTER ROLE ${id(role)} ${attributes}`
    : `CREATE ROLE ${id(role)} ${attributes} ${powerless}`;
}

/** A login role that could become another role would reach what that one owns. */
async function revokeMemberships(client: Client, definition: StoreDefinition): Promise<void> {
  const granted = await client.query<{ role: string; member: string }>(
    `SELECT granted.rolname AS role, member.rolname AS member
       FROM pg_catalog.pg_auth_members
       JOIN pg_catalog.pg_roles granted ON granted.oid = roleid
       JOIN pg_catalog.pg_roles member ON member.oid = pg_auth_members.member
      WHERE member.rolname = ANY ($1)`,
    [definition.logins],
  );
  for (const { role, member } of granted.rows) await client.query(`REVOKE ${id(role)} FROM ${id(member)}`);
}

/** An administrator that is no superuser runs migrations as an owner only when it is a member. */
async function joinOwners(client: Client, owners: readonly string[]): Promise<void> {
  const outside = await client.query<{ name: string }>(
    `SELECT rolname AS name FROM pg_catalog.pg_roles
      WHERE rolname = ANY ($1) AND NOT pg_catalog.pg_has_role(current_user, oid, 'USAGE')`,
    [owners],
  );
  for (const { name } of outside.rows) await client.query(`GRANT ${id(name)} TO CURRENT_USER`);
}
