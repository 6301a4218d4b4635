import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { deviceDays } from '../attempts/known-devices.ts';
import { IdentityError } from '../error.ts';
import { hashValue } from '../keys.ts';
import { familySeconds } from '../provider/families.ts';
import { openRecovery } from '../recovery/recoveries.ts';
import { openSignIn, standingAccount } from './progress.ts';

export interface CompletedSignIn {
  readonly interactionId: string;
  readonly clientId: string;
  readonly tenantId: string;
  readonly role: string;
  readonly allowedScopes: readonly string[] | null;
  /** The value of a new cookie for a browser that is not known yet. */
  readonly newDevice: string | undefined;
}

/** @returns the id of the new token family. @throws IdentityError `identity-interaction-unknown` for every caller but one. */
export type CompleteSignIn = (completed: CompletedSignIn) => Promise<string>;

/**
 * All that a sign-in leaves behind, in one statement, which no change of the password and no end of what is confirmed can
 * pass by: it is over, its token family has begun, this browser is known, and an
 * approval to reset the factor that was just used is void: it was a mistake or an attack.
 */
const statement = `
  WITH standing AS (${standingAccount}
  ), confirmed AS (
    SELECT f.sid FROM identity.token_families AS f JOIN identity.sign_ins AS s ON s.confirms_sid = f.sid
    WHERE s.interaction_hash = $1 AND f.revoked_at IS NULL FOR SHARE OF f
  ), done AS (
    UPDATE identity.sign_ins SET finished_at = now()
    WHERE ${openSignIn} AND account_id IN (SELECT id FROM standing)
      AND (confirms_sid IS NULL OR confirms_sid IN (SELECT sid FROM confirmed))
    RETURNING account_id, factor_kind, password_at, password_set
  ), cancelled AS (
    UPDATE identity.recoveries AS r SET cancelled_at = now() FROM done
    WHERE r.account_id = done.account_id AND done.factor_kind IS NOT NULL AND r.kind = 'approval' AND ${openRecovery}
  ), known AS (
    INSERT INTO identity.known_devices (device_hash, account_id, expires_at)
    SELECT $2, account_id, now() + make_interval(days => ${deviceDays}) FROM done WHERE $2::bytea IS NOT NULL
  )
  INSERT INTO identity.token_families
    (grant_id, account_id, client_id, tenant_id, role, allowed_scopes, sid, expires_at, password_at, password_set)
  SELECT $3, account_id, $4, $5, $6, $7, $8, now() + make_interval(secs => ${familySeconds}), password_at, password_set
  FROM done`;

export function createCompleteSignIn(pool: Pool): CompleteSignIn {
  return async ({ interactionId, clientId, tenantId, role, allowedScopes, newDevice }) => {
    const grantId = randomBytes(32).toString('base64url');
    const device = newDevice === undefined ? null : hashValue(newDevice);
    const { rowCount } = await pool.query(statement, [
      hashValue(interactionId),
      device,
      grantId,
      clientId,
      tenantId,
      role,
      allowedScopes,
      randomUUID(),
    ]);
    if (rowCount !== 1) throw new IdentityError('identity-interaction-unknown');
    return grantId;
  };
}
