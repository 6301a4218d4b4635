import type { StoreDefinition } from '../definitions.ts';

/** The embedded server's administrator: sets stores up, owns the databases, never serves a request. */
export const administratorRole = 'cordon_administrator';

/**
 * The whole `pg_hba.conf`: each login role reaches its own store's database, over TLS, with its password and,
 * where the store says so, with a client certificate whose common name is the role. First match wins; what no
 * line names is refused.
 */
export function renderHostRules(definitions: readonly StoreDefinition[], allowClones: boolean): string {
  const rules = definitions.flatMap((definition) =>
    definition.logins.map((role) => [
      'hostssl',
      // Clones carry the suffix that `cloneName` gives them.
      allowClones ? `/^${definition.database}_t[0-9a-f]+$` : definition.database,
      role,
      '127.0.0.1/32',
      'scram-sha-256',
      ...(definition.clientCertificates ? ['clientcert=verify-full'] : []),
    ]),
  );
  return [
    ['hostssl', 'all', administratorRole, '127.0.0.1/32', 'scram-sha-256'],
    ...rules,
    ['host', 'all', 'all', 'all', 'reject'],
    ['host', 'replication', 'all', 'all', 'reject'],
  ]
    .map((fields) => `${fields.join(' ')}\n`)
    .join('');
}

/** The name of a clone: the template's and a suffix in hexadecimal. */
export function cloneName(database: string, suffix: string): string {
  return `${database}_t${suffix}`;
}
