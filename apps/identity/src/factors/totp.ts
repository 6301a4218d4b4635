import { randomUUID } from 'node:crypto';
import { decryptCells, encryptCells } from '@cordon/field-encryption';
import { Secret, TOTP } from 'otpauth';
import type { Pool } from 'pg';
import { identityPlace, type Accounts, type WrappedKey } from '../accounts/accounts.ts';
import { IdentityError } from '../error.ts';
import { hashValue } from '../keys.ts';
import { standingAccount } from '../sign-in/progress.ts';

/** RFC 6238 with the values that every authenticator app knows. */
const form = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** One step of clock drift either way (RFC 6238, 5.2). */
const drift = 1;

export interface Enrolment {
  /** Base32, for people who type it. */
  readonly secret: string;
  /** `otpauth://` address for the authenticator app. */
  readonly address: string;
}

export interface TotpFactors {
  /** Accepts each code once; false for a wrong, an old or a used one. */
  verify(accountId: string, code: string): Promise<boolean>;
  /**
   * Begins an enrolment in one sign-in, or shows it there again; it counts for nothing until it is confirmed. What
   * another sign-in began is void: its secret was seen by whoever sat there.
   */
  beginEnrolment(accountId: string, interactionId: string, label: string): Promise<Enrolment>;
  /**
   * Confirms with a first code, which is used up by it; once the code is right, and before it counts, `first` runs.
   * An authenticator from before is replaced: the caller has seen to it that a factor was proven.
   */
  confirmEnrolment(
    accountId: string,
    interactionId: string,
    code: string,
    first: () => Promise<void>,
  ): Promise<boolean>;
  /** Adds a confirmed factor with a given secret. False when the account has one. */
  install(accountId: string, secret: string): Promise<boolean>;
}

interface FactorRow extends WrappedKey {
  readonly id: string;
  readonly secret: Buffer;
}

/** @returns the time step that the code belongs to, or undefined. */
export function matchStep(secret: string, code: string, now = Date.now()): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const totp = new TOTP({ ...form, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token: code, window: drift, timestamp: now });
  return delta === null ? undefined : Math.floor(now / 1000 / form.period) + delta;
}

export function createTotpFactors(pool: Pool, accounts: Accounts): TotpFactors {
  const find = async (accountId: string, enrolment?: Buffer): Promise<FactorRow | undefined> => {
    const { rows } = await pool.query<FactorRow>(
      `SELECT f.id, f.secret, a.wrapped_key AS wrapped, a.key_id AS "keyId"
       FROM identity.factors AS f JOIN identity.accounts AS a ON a.id = f.account_id
       WHERE f.account_id = $1 AND f.kind = 'totp' AND f.revoked_at IS NULL
         AND CASE WHEN $2::bytea IS NULL THEN confirmed_at IS NOT NULL
                  ELSE confirmed_at IS NULL AND enrolment_hash = $2 END`,
      [accountId, enrolment],
    );
    return rows[0];
  };

  async function readSecret(accountId: string, factor: FactorRow): Promise<string> {
    const key = await accounts.unwrapDataKey(accountId, factor);
    const place = identityPlace('factors', 'secret', factor.id);
    const [cell] = await decryptCells(pool, [{ place, ciphertext: factor.secret, key }]);
    if (!cell?.ok) throw new Error('the secret of a factor does not decrypt');
    return cell.plaintext;
  }

  /** Without an enrolment the factor counts at once. */
  async function insert(accountId: string, secret: string, enrolment?: Buffer): Promise<boolean> {
    const id = randomUUID();
    const { key, keyId } = await accounts.openDataKey(accountId);
    const place = identityPlace('factors', 'secret', id);
    const [ciphertext] = await encryptCells(pool, [{ place, plaintext: secret, key }]);
    const { rowCount } = await pool.query(
      `INSERT INTO identity.factors (id, account_id, kind, secret, key_id, enrolment_hash, confirmed_at)
       VALUES ($1, $2, 'totp', $3, $4, $5, CASE WHEN $5::bytea IS NULL THEN now() END) ON CONFLICT DO NOTHING`,
      [id, accountId, ciphertext, keyId, enrolment],
    );
    return rowCount === 1;
  }

  return {
    install: (accountId, secret) => insert(accountId, secret),

    async verify(accountId, code) {
      const factor = await find(accountId);
      if (!factor) return false;
      const step = matchStep(await readSecret(accountId, factor), code);
      if (step === undefined) return false;
      // RFC 6238, 5.2: a code is accepted once. The condition decides, whoever asks at the same time.
      const { rowCount } = await pool.query(
        `UPDATE identity.factors SET last_used_step = $2, used_at = now()
         WHERE id = $1 AND revoked_at IS NULL AND (last_used_step IS NULL OR last_used_step < $2)`,
        [factor.id, step],
      );
      return rowCount === 1;
    },

    async beginEnrolment(accountId, interactionId, label) {
      const enrolment = hashValue(interactionId);
      let factor = await find(accountId, enrolment);
      if (!factor) {
        await pool.query(
          `UPDATE identity.factors SET revoked_at = now()
           WHERE account_id = $1 AND kind = 'totp' AND confirmed_at IS NULL AND revoked_at IS NULL`,
          [accountId],
        );
        await insert(accountId, new Secret({ size: 20 }).base32, enrolment);
        factor = await find(accountId, enrolment);
      }
      // Another sign-in of the same person began in the same instant.
      if (!factor) throw new IdentityError('identity-step-refused');
      const secret = await readSecret(accountId, factor);
      const totp = new TOTP({ ...form, secret: Secret.fromBase32(secret), issuer: 'Cordon', label });
      return { secret, address: totp.toString() };
    },

    async confirmEnrolment(accountId, interactionId, code, first) {
      const factor = await find(accountId, hashValue(interactionId));
      if (!factor) return false;
      const step = matchStep(await readSecret(accountId, factor), code);
      if (step === undefined) return false;
      await first();
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const standing = await client.query(standingAccount, [hashValue(interactionId)]);
        await client.query(
          `UPDATE identity.factors SET revoked_at = now()
           WHERE account_id = $1 AND kind = 'totp' AND confirmed_at IS NOT NULL AND revoked_at IS NULL`,
          [accountId],
        );
        const { rowCount } = await client.query(
          `UPDATE identity.factors SET confirmed_at = now(), last_used_step = $2, used_at = now()
           WHERE id = $1 AND confirmed_at IS NULL AND revoked_at IS NULL`,
          [factor.id, step],
        );
        const counts = standing.rowCount === 1 && rowCount === 1;
        await client.query(counts ? 'COMMIT' : 'ROLLBACK');
        return counts;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    },
  };
}
