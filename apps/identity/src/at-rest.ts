import { identifierQuery, keepAnswer, tellAtRest } from '@cordon/stores/at-rest';
import type { Pool } from 'pg';
import type { IdentitySettings } from './settings.ts';

/** What the readiness page tells of the two databases that identity is connected to. */
export function createAtRestFact(
  pool: Pool,
  { identityDatabase, auditDatabase, atRest }: IdentitySettings,
): { readonly name: string; tell(): Promise<string> } {
  const served = [
    { store: 'audit', url: auditDatabase.url },
    { store: 'identity', url: identityDatabase.url },
  ];
  const identify = async (): Promise<string> => {
    const { rows } = await pool.query<{ identifier: string }>(identifierQuery);
    return rows[0]?.identifier ?? '';
  };
  const tell = keepAnswer(() => tellAtRest(served, atRest, { url: identityDatabase.url, identify }));
  return { name: 'encryptionAtRest', tell };
}
