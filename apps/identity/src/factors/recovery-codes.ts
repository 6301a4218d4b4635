import { randomInt, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { hashValue } from '../keys.ts';

/** Codes on paper for the day the phone is gone (NIST SP 800-63B-4, 3.1.2: look-up secrets). Each works once. */
export interface RecoveryCodes {
  /** Ten new codes; earlier ones stop working. Shown once: only hashes are kept. */
  issue(accountId: string): Promise<string[]>;
  /** Uses a code up; false for one that is wrong or was used. */
  use(accountId: string, code: string): Promise<boolean>;
}

const howMany = 10;
const codeLength = 16;
/** Without letters and digits that people mix up. 16 of 31 signs are 79 bits: a plain hash keeps them. */
const signs = 'abcdefghjkmnpqrstuvwxyz23456789';
export const recoveryCodeForm = /^[a-hj-km-np-z2-9]{16}$/;

/** As typed from paper: case, spaces and hyphens do not matter. */
export function normaliseRecoveryCode(text: string): string {
  return text.toLowerCase().replace(/[\s-]/g, '');
}

function makeCode(): string {
  const code = Array.from({ length: codeLength }, () => signs.charAt(randomInt(signs.length))).join('');
  return code.match(/.{4}/g)?.join('-') ?? code;
}

const hashOf = (accountId: string, code: string) => hashValue(`${accountId}\0${normaliseRecoveryCode(code)}`);

export function createRecoveryCodes(pool: Pool): RecoveryCodes {
  return {
    async issue(accountId) {
      const codes = Array.from({ length: howMany }, makeCode);
      await pool.query(
        `WITH earlier AS (
           UPDATE identity.factors SET revoked_at = now()
           WHERE account_id = $1 AND kind = 'recovery' AND revoked_at IS NULL
         )
         INSERT INTO identity.factors (id, account_id, kind, code_hash, confirmed_at)
         SELECT each.id, $1, 'recovery', each.hash, now() FROM unnest($2::uuid[], $3::bytea[]) AS each (id, hash)`,
        [accountId, codes.map(() => randomUUID()), codes.map((code) => hashOf(accountId, code))],
      );
      return codes;
    },
    async use(accountId, code) {
      if (!recoveryCodeForm.test(normaliseRecoveryCode(code))) return false;
      const { rowCount } = await pool.query(
        `UPDATE identity.factors SET used_at = now(), revoked_at = now()
         WHERE account_id = $1 AND kind = 'recovery' AND code_hash = $2 AND revoked_at IS NULL`,
        [accountId, hashOf(accountId, code)],
      );
      return rowCount === 1;
    },
  };
}
