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
import { hashValue, type IdentityKeys } from '../keys.ts';

export interface Account {
  readonly id: string;
  readonly state: 'active' | 'suspended' | 'closed';
  readonly passwordHash: string | null;
  /** Somebody else set the password. */
  readonly mustChangePassword: boolean;
}

/** Who is signing in, as far as it can be told before the password. */
export interface Caller {
  readonly account: Account | undefined;
  /** Whether this browser has signed in to this account before. */
  readonly known: boolean;
  /** The tenant of the account's oldest sign-in that is kept. */
  readonly tenantId: string | undefined;
}

/** Whether an account has what; asked anew at each step. */
export interface Standing {
  readonly mustChangePassword: boolean;
  readonly hasPasskey: boolean;
  readonly hasCode: boolean;
}

export interface Accounts {
  /** One statement with one plan, whether there is such an account or not. */
  findCaller(email: string, device: string | undefined): Promise<Caller>;
  /** For an unknown account: no factor, and no password that must change. */
  findStanding(accountId: string): Promise<Standing>;
  findByEmail(email: string): Promise<Account | undefined>;
  findById(accountId: string): Promise<Account | undefined>;
  /** The name to show. @throws where the row's key or ciphertext is damaged. */
  readDisplayName(accountId: string): Promise<string>;
  /** The address as it was given. @throws like `readDisplayName`. */
  readEmail(accountId: string): Promise<string>;
  /**
   * Replaces the password that was read only: of two changes at once one wins. The next sign-in need not change it again. In the
   * same moment every factor goes, where that is asked, so that nobody sets one up with the old password in between; and no sign-in
   * goes on but the one that is named by its interaction.
   */
  setPassword(
    before: Pick<Account, 'id' | 'passwordHash'>,
    passwordHash: string,
    more: { readonly goesOn?: string; readonly resetsFactors?: boolean },
  ): Promise<boolean>;
  /** The same of a row that was read already. */
  unwrapDataKey(accountId: string, row: WrappedKey): Promise<Buffer>;
  /** The account's data key, for ciphertext of its factors, with the id of the key that wraps it. */
  openDataKey(accountId: string): Promise<{ key: Buffer; keyId: string }>;
  /** @throws IdentityError `identity-account-exists` */
  create(account: NewAccount): Promise<string>;
}

export interface WrappedKey {
  readonly wrapped: Buffer;
  /** The key that wraps it. */
  readonly keyId: string;
}

export interface NewAccount {
  readonly accountId?: string;
  readonly email: string;
  readonly displayName: string;
  /** PHC form; null for an account that cannot sign in with a password yet. */
  readonly passwordHash: string | null;
  /** The password was made up by somebody else: the first sign-in asks for a new one. */
  readonly mustChangePassword?: boolean;
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
const nobody: Standing = { mustChangePassword: false, hasPasskey: false, hasCode: false };
const nobodyId = '00000000-0000-0000-0000-000000000000';
const columns = 'id, state, password_hash AS "passwordHash", must_change_password AS "mustChangePassword"';

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
    const { rows } = await pool.query<WrappedKey>(
      'SELECT wrapped_key AS wrapped, key_id AS "keyId" FROM identity.accounts WHERE id = $1',
      [accountId],
    );
    const row = rows[0];
    if (!row) throw new Error('the account is gone');
    return { key: await unwrapDataKey(accountId, row), keyId: row.keyId };
  }

  const unwrapDataKey = (accountId: string, { wrapped, keyId }: WrappedKey) =>
    keyManagement.unwrap(wrapped, keyId, keyContext(accountId));

  async function readCell(accountId: string, column: 'display_name' | 'email'): Promise<string> {
    const { key } = await openDataKey(accountId);
    const { rows } = await pool.query<{ ciphertext: Buffer }>(
      `SELECT ${column} AS ciphertext FROM identity.accounts WHERE id = $1`,
      [accountId],
    );
    const ciphertext = rows[0]?.ciphertext;
    if (!ciphertext) throw new Error('the account is gone');
    const place = identityPlace('accounts', column, accountId);
    const [cell] = await decryptCells(pool, [{ place, ciphertext, key }]);
    if (!cell?.ok) throw new Error(`the ${column} of an account does not decrypt`);
    return cell.plaintext;
  }

  return {
    findByEmail: (email) => findOne('email_token', emailToken(email)),
    findById: (accountId) => findOne('id', accountId),
    openDataKey,
    unwrapDataKey,

    async findCaller(email, device) {
      const { rows } = await pool.query<{ account: Account | null; known: boolean; tenantId: string | null }>(
        `SELECT to_jsonb(a) AS account,
           EXISTS (SELECT FROM identity.known_devices AS d
             WHERE d.device_hash = $2 AND d.account_id = asked.id AND d.expires_at > now()) AS known,
           (SELECT tenant_id FROM identity.token_families AS f
            WHERE f.account_id = asked.id ORDER BY f.created_at LIMIT 1) AS "tenantId"
         FROM (SELECT coalesce((SELECT id FROM identity.accounts WHERE email_token = $1), '${nobodyId}')) AS asked (id)
         LEFT JOIN (SELECT ${columns} FROM identity.accounts) AS a ON a.id = asked.id`,
        [emailToken(email), device === undefined ? null : hashValue(device)],
      );
      const caller = rows[0];
      if (!caller) throw new Error('the question has one answer, whoever asks');
      return {
        account: caller.account ?? undefined,
        known: caller.known,
        tenantId: caller.tenantId ?? undefined,
      };
    },

    async findStanding(accountId) {
      const { rows } = await pool.query<Standing>(
        `SELECT must_change_password AS "mustChangePassword",
           EXISTS (SELECT FROM identity.factors WHERE account_id = $1 AND kind = 'webauthn' AND revoked_at IS NULL) AS "hasPasskey",
           EXISTS (SELECT FROM identity.factors WHERE account_id = $1 AND kind = 'totp' AND revoked_at IS NULL
             AND confirmed_at IS NOT NULL) AS "hasCode"
         FROM identity.accounts WHERE id = $1`,
        [accountId],
      );
      return rows[0] ?? nobody;
    },

    readDisplayName: (accountId) => readCell(accountId, 'display_name'),
    readEmail: (accountId) => readCell(accountId, 'email'),

    async setPassword(before, passwordHash, { goesOn, resetsFactors = false }) {
      const { rowCount } = await pool.query(
        `WITH changed AS (
           UPDATE identity.accounts SET password_hash = $2, password_changed_at = now(), must_change_password = false,
             updated_at = now()
           WHERE id = $1 AND state = 'active' AND password_hash IS NOT DISTINCT FROM $3 RETURNING id, password_changed_at
         ), reset AS (
           UPDATE identity.factors SET revoked_at = now()
           WHERE $5 AND account_id IN (SELECT id FROM changed) AND revoked_at IS NULL
         ), goes_on AS (
           UPDATE identity.sign_ins AS s SET password_set = c.password_changed_at FROM changed AS c
           WHERE s.interaction_hash = $4 AND s.account_id = c.id
         )
         SELECT FROM changed`,
        [
          before.id,
          passwordHash,
          before.passwordHash,
          goesOn === undefined ? null : hashValue(goesOn),
          resetsFactors,
        ],
      );
      return rowCount === 1;
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
           (id, email, email_token, display_name, wrapped_key, key_id, password_hash, password_changed_at,
            must_change_password)
         VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $7::text IS NULL THEN NULL ELSE now() END, $8)
         ON CONFLICT DO NOTHING`,
        [
          accountId,
          email,
          emailToken(account.email),
          displayName,
          wrapped,
          keyId,
          account.passwordHash,
          account.mustChangePassword ?? false,
        ],
      );
      if (rowCount === 0) throw new IdentityError('identity-account-exists');
      return accountId;
    },
  };
}
