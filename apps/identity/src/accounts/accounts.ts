import { randomUUID } from 'node:crypto';
import {
  blindToken,
  decryptCells,
  encryptCells,
  generateDataKey,
  type KeyManagement,
} from '@cordon/field-encryption';
import type { Pool } from 'pg';
import { IdentityError } from '../error.ts';
import type { IdentityKeys } from '../keys.ts';

export interface Account {
  readonly id: string;
  readonly state: 'active' | 'suspended' | 'closed';
  readonly passwordHash: string | null;
}

export interface Accounts {
  findByEmail(email: string): Promise<Account | undefined>;
  findById(accountId: string): Promise<Account | undefined>;
  /** The name to show. @throws where the row's key or ciphertext is damaged. */
  readDisplayName(accountId: string): Promise<string>;
  /** The account's data key, for ciphertext of its factors, with the id of the key that wraps it. */
  openDataKey(accountId: string): Promise<{ key: Buffer; keyId: string }>;
  /** @throws IdentityError `identity-account-exists` */
  create(account: NewAccount): Promise<string>;
}

export interface NewAccount {
  readonly accountId?: string;
  readonly email: string;
  readonly displayName: string;
  /** PHC form; null for an account that cannot sign in with a password yet. */
  readonly passwordHash: string | null;
}

/** Upper and lower case, and composed and decomposed letters, are one address. */
export function normaliseEmail(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase();
}

/** Where a cell lives; part of what is encrypted, so that a cell moved elsewhere does not open. */
export function identityPlace(table: string, column: string, rowId: string) {
  return { tenantId: 'identity', table: `identity.${table}`, column, rowId };
}

const keyContext = (accountId: string) => `identity/account/${accountId}`;
const columns = 'id, state, password_hash AS "passwordHash"';

export function createAccounts(pool: Pool, keyManagement: KeyManagement, keys: IdentityKeys): Accounts {
  const emailToken = (email: string) => blindToken(keys.blindKey, 'accounts.email', normaliseEmail(email));

  async function findOne(condition: 'id' | 'email_token', value: unknown): Promise<Account | undefined> {
    const { rows } = await pool.query<Account>(
      `SELECT ${columns} FROM identity.accounts WHERE ${condition} = $1`,
      [value],
    );
    return rows[0];
  }

  async function openDataKey(accountId: string) {
    const { rows } = await pool.query<{ wrapped: Buffer; keyId: string }>(
      'SELECT wrapped_key AS wrapped, key_id AS "keyId" FROM identity.accounts WHERE id = $1',
      [accountId],
    );
    const row = rows[0];
    if (!row) throw new Error('the account is gone');
    return {
      key: await keyManagement.unwrap(row.wrapped, row.keyId, keyContext(accountId)),
      keyId: row.keyId,
    };
  }

  return {
    findByEmail: (email) => findOne('email_token', emailToken(email)),
    findById: (accountId) => findOne('id', accountId),
    openDataKey,

    async readDisplayName(accountId) {
      const { key } = await openDataKey(accountId);
      const { rows } = await pool.query<{ name: Buffer }>(
        'SELECT display_name AS name FROM identity.accounts WHERE id = $1',
        [accountId],
      );
      const ciphertext = rows[0]?.name;
      if (!ciphertext) throw new Error('the account is gone');
      const place = identityPlace('accounts', 'display_name', accountId);
      const [cell] = await decryptCells(pool, [{ place, ciphertext, key }]);
      if (!cell?.ok) throw new Error('the display name does not decrypt');
      return cell.plaintext;
    },

    async create(account) {
      const accountId = account.accountId ?? randomUUID();
      const key = generateDataKey();
      const { wrapped, keyId } = await keyManagement.wrap(key, keyContext(accountId));
      const [email, displayName] = await encryptCells(pool, [
        { place: identityPlace('accounts', 'email', accountId), plaintext: account.email.trim(), key },
        { place: identityPlace('accounts', 'display_name', accountId), plaintext: account.displayName, key },
      ]);
      const { rowCount } = await pool.query(
        `INSERT INTO identity.accounts
           (id, email, email_token, display_name, wrapped_key, key_id, password_hash, password_changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $7::text IS NULL THEN NULL ELSE now() END)
         ON CONFLICT DO NOTHING`,
        [accountId, email, emailToken(account.email), displayName, wrapped, keyId, account.passwordHash],
      );
      if (rowCount === 0) throw new IdentityError('identity-account-exists');
      return accountId;
    },
  };
}
