import { decryptCells, encryptCells, generateDataKey, type KeyManagement } from '@cordon/field-encryption';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Pool } from 'pg';
import { identityPlace } from '../accounts/accounts.ts';

export interface SigningKeys {
  /** Private keys, the one that signs first. All of them are published. */
  load(): Promise<readonly JWK[]>;
}

/** A new key each month; published an hour before it signs, so that verifiers which keep the key set have it in time. */
const newKeyAfter = '30 days';
const publishedBefore = '1 hour';
/** Long after the last token of a retired key: ID tokens serve as hints at sign-out. */
const keptFor = '45 days';

interface KeyRow {
  id: string;
  cell: Buffer;
  wrapped: Buffer;
  keyId: string;
}

const keyContext = (id: string) => `identity/signing-key/${id}`;
/** Any number; it keeps two processes that start together from making two keys. */
const creationLock = 7_305_112;

export function createSigningKeys(pool: Pool, keyManagement: KeyManagement): SigningKeys {
  async function addKey(): Promise<void> {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(privateKey);
    const id = await calculateJwkThumbprint(jwk);
    const key = generateDataKey();
    const { wrapped, keyId } = await keyManagement.wrap(key, keyContext(id));
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [creationLock]);
      const place = identityPlace('signing_keys', 'private_jwk', id);
      const [cell] = await encryptCells(client, [{ place, plaintext: JSON.stringify(jwk), key }]);
      // The very first key signs at once: nobody can have cached a set without it.
      await client.query(
        `INSERT INTO identity.signing_keys (id, private_jwk, wrapped_key, key_id, signs_from, expires_at)
         SELECT $1, $2, $3, $4,
           CASE WHEN EXISTS (SELECT FROM identity.signing_keys) THEN now() + interval '${publishedBefore}' ELSE now() END,
           now() + interval '${keptFor}'
         WHERE NOT EXISTS (SELECT FROM identity.signing_keys WHERE created_at > now() - interval '${newKeyAfter}')`,
        [id, cell, wrapped, keyId],
      );
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }

  async function openKey(row: KeyRow): Promise<JWK> {
    const key = await keyManagement.unwrap(row.wrapped, row.keyId, keyContext(row.id));
    const place = identityPlace('signing_keys', 'private_jwk', row.id);
    const [cell] = await decryptCells(pool, [{ place, ciphertext: row.cell, key }]);
    if (!cell?.ok) throw new Error('a signing key does not decrypt');
    return { ...(JSON.parse(cell.plaintext) as JWK), kid: row.id, alg: 'ES256', use: 'sig' };
  }

  return {
    async load() {
      const { rowCount } = await pool.query(
        `SELECT FROM identity.signing_keys WHERE created_at > now() - interval '${newKeyAfter}'`,
      );
      if (rowCount === 0) await addKey();
      const { rows } = await pool.query<KeyRow>(
        `SELECT id, private_jwk AS cell, wrapped_key AS wrapped, key_id AS "keyId" FROM identity.signing_keys
         WHERE expires_at > now() ORDER BY (signs_from <= now()) DESC, signs_from DESC`,
      );
      return Promise.all(rows.map(openKey));
    },
  };
}
