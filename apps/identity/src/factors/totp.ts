import { randomUUID } from 'node:crypto';
import { decryptCells, encryptCells } from '@cordon/field-encryption';
import { Secret, TOTP } from 'otpauth';
import type { Pool } from 'pg';
import { identityPlace, type Accounts } from '../accounts/accounts.ts';

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
  isEnrolled(accountId: string): Promise<boolean>;
  /** Accepts each code once; false for a wrong, an old or a used one. */
  verify(accountId: string, code: string): Promise<boolean>;
  /** Begins (or shows again) an enrolment; it counts for nothing until it is confirmed. */
  beginEnrolment(accountId: string, label: string): Promise<Enrolment>;
  /** Confirms with a first code, which is used up by it; once the code is right, and before it counts, `first` runs. */
  confirmEnrolment(accountId: string, code: string, first: () => Promise<void>): Promise<boolean>;
  /** Adds a confirmed factor with a given secret. False when the account has one. */
  install(accountId: string, secret: string): Promise<boolean>;
}

interface FactorRow {
  id: string;
  secret: Buffer;
}

/** @returns the time step that the code belongs to, or undefined. */
export function matchStep(secret: string, code: string, now = Date.now()): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const totp = new TOTP({ ...form, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token: code, window: drift, timestamp: now });
  return delta === null ? undefined : Math.floor(now / 1000 / form.period) + delta;
}

export function createTotpFactors(pool: Pool, accounts: Accounts): TotpFactors {
  const find = async (accountId: string, state: 'confirmed' | 'pending'): Promise<FactorRow | undefined> => {
    const { rows } = await pool.query<FactorRow>(
      `SELECT id, secret FROM identity.factors
       WHERE account_id = $1 AND kind = 'totp' AND revoked_at IS NULL AND (confirmed_at IS NOT NULL) = $2`,
      [accountId, state === 'confirmed'],
    );
    return rows[0];
  };

  async function readSecret(accountId: string, factor: FactorRow): Promise<string> {
    const { key } = await accounts.openDataKey(accountId);
    const place = identityPlace('factors', 'secret', factor.id);
    const [cell] = await decryptCells(pool, [{ place, ciphertext: factor.secret, key }]);
    if (!cell?.ok) throw new Error('the secret of a factor does not decrypt');
    return cell.plaintext;
  }

  async function insert(accountId: string, secret: string, confirmed: boolean): Promise<boolean> {
    const id = randomUUID();
    const { key, keyId } = await accounts.openDataKey(accountId);
    const place = identityPlace('factors', 'secret', id);
    const [ciphertext] = await encryptCells(pool, [{ place, plaintext: secret, key }]);
    const { rowCount } = await pool.query(
      `INSERT INTO identity.factors (id, account_id, kind, secret, key_id, confirmed_at)
       VALUES ($1, $2, 'totp', $3, $4, CASE WHEN $5 THEN now() END) ON CONFLICT DO NOTHING`,
      [id, accountId, ciphertext, keyId, confirmed],
    );
    return rowCount === 1;
  }

  return {
    isEnrolled: async (accountId) => (await find(accountId, 'confirmed')) !== undefined,
    install: (accountId, secret) => insert(accountId, secret, true),

    async verify(accountId, code) {
      const factor = await find(accountId, 'confirmed');
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

    async beginEnrolment(accountId, label) {
      let factor = await find(accountId, 'pending');
      if (!factor) {
        // Two windows may begin at once: whichever was first is shown in both.
        await insert(accountId, new Secret({ size: 20 }).base32, false);
        factor = await find(accountId, 'pending');
      }
      if (!factor) throw new Error('the enrolment was not kept');
      const secret = await readSecret(accountId, factor);
      const totp = new TOTP({ ...form, secret: Secret.fromBase32(secret), issuer: 'Cordon', label });
      return { secret, address: totp.toString() };
    },

    async confirmEnrolment(accountId, code, first) {
      const factor = await find(accountId, 'pending');
      if (!factor) return false;
      const step = matchStep(await readSecret(accountId, factor), code);
      if (step === undefined) return false;
      await first();
      const { rowCount } = await pool.query(
        `UPDATE identity.factors SET confirmed_at = now(), last_used_step = $2, used_at = now()
         WHERE id = $1 AND confirmed_at IS NULL AND revoked_at IS NULL`,
        [factor.id, step],
      );
      return rowCount === 1;
    },
  };
}
