import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { StoresError } from '../errors.ts';

/** The public name of a seal key: the key is random and long enough for its digest to tell nothing. */
export function sealKeyId(key: Buffer): string {
  return `seal-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
}

/** Hands the store the key that verifies sealed contexts. */
export async function installSealKey(client: Client, store: string, key: Buffer): Promise<void> {
  const found = await client.query(
    `SELECT pg_catalog.to_regprocedure('cordon.install_seal_key(text, bytea)') AS name`,
  );
  if ((found.rows[0] as { name: unknown } | undefined)?.name === null)
    throw new StoresError(
      'seal-function-missing',
      `The ${store} store is sealed, and its row-security migrations made no cordon.install_seal_key(text, bytea).`,
    );
  await client.query('SELECT cordon.install_seal_key($1, $2)', [sealKeyId(key), key]);
}
