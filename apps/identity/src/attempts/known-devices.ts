import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { hashValue } from '../keys.ts';

/**
 * A browser that has signed in before is counted apart from strangers (OWASP "device cookies"): a stranger who fails
 * on purpose fills the strangers' lane of the account only. The cookie is no credential; it opens nothing.
 */
export interface KnownDevices {
  isKnown(value: string | undefined, accountId: string): Promise<boolean>;
}

export const deviceDays = 90;

/** The value of a new cookie; a completed sign-in makes it known. */
export const makeDevice = (): string => randomBytes(32).toString('base64url');

export function createKnownDevices(pool: Pool): KnownDevices {
  return {
    async isKnown(value, accountId) {
      if (!value || value.length > 64) return false;
      const { rowCount } = await pool.query(
        'SELECT FROM identity.known_devices WHERE device_hash = $1 AND account_id = $2 AND expires_at > now()',
        [hashValue(value), accountId],
      );
      return rowCount === 1;
    },
  };
}
