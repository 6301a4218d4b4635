import type { Pool } from 'pg';
import type { Account } from '../accounts/accounts.ts';
import { IdentityError } from '../error.ts';
import { hashValue } from '../keys.ts';

export type FactorKind = 'totp' | 'webauthn' | 'recovery';

export type ChallengeUse = 'passkey-enrolment' | 'passkey';

/** What has been proven in one interaction so far. */
export interface Progress {
  readonly accountId: string;
  /** When the last proof was given, in seconds since 1970: `auth_time` of the tokens. */
  readonly authenticatedAt: number;
  readonly factorKind: FactorKind | null;
  /** Whether the person wants to change password, factors or sessions before the end. */
  readonly manages: boolean;
  /** The live sign-in that is confirmed with the factor alone; null when the password was given here. */
  readonly confirms: { readonly sid: string; readonly tenantId: string; readonly role: string } | null;
}

export interface ProgressStore {
  /**
   * The password was right: begins, or begins anew and forgets an earlier factor.
   * @throws IdentityError `identity-interaction-unknown` where it was replaced since it was read
   */
  begin(interactionId: string, account: Pick<Account, 'id' | 'passwordHash'>): Promise<Progress>;
  /**
   * Begins with what an earlier sign-in of the same client still proves: its password, of at most twelve hours ago.
   * @returns undefined where it proves nothing (any more), or where this sign-in has begun already.
   */
  beginConfirmation(interactionId: string, confirms: ConfirmableSignIn): Promise<Progress | undefined>;
  find(interactionId: string): Promise<Progress | undefined>;
  recordFactor(interactionId: string, kind: FactorKind): Promise<Progress>;
  chooseToManage(interactionId: string, manages: boolean): Promise<Progress>;
  /** Keeps a WebAuthn challenge (base64url, 32 bytes); an earlier one is void. */
  keepChallenge(interactionId: string, use: ChallengeUse, challenge: string): Promise<void>;
  /** Hands the challenge out once, to one caller: an answer that is sent again finds none. */
  takeChallenge(interactionId: string, use: ChallengeUse): Promise<string | undefined>;
}

/** A sign-in that is live, as the browser's session at the provider and the client's hint name it alike. */
export interface ConfirmableSignIn {
  readonly sid: string;
  readonly accountId: string;
  readonly clientId: string;
}

/** As long as a staff session lives at most: whoever sat down in the morning confirms all day, and not the day after. */
const passwordHolds = '12 hours';
/** An unlocking waits in its tab as long as the interaction lives. */
const secondsToConfirm = 30 * 60;

/** From the password to the end; a factor is asked for while the password is fresh. */
const secondsToFinish = 10 * 60;

const columns = `account_id AS "accountId",
  floor(extract(epoch FROM greatest(password_at, factor_at)))::int AS "authenticatedAt", factor_kind AS "factorKind", manages,
  (SELECT jsonb_build_object('sid', f.sid, 'tenantId', f.tenant_id, 'role', f.role)
   FROM identity.token_families AS f WHERE f.sid = confirms_sid) AS confirms`;
const stands = `EXISTS (SELECT FROM identity.token_families AS f
  JOIN identity.accounts AS a ON a.id = f.account_id AND a.state = 'active' AND NOT a.must_change_password
  WHERE f.sid = confirms_sid AND f.revoked_at IS NULL AND f.expires_at > now())`;
// The password that was given must be the account's still: whoever knew the earlier one can come this far as well.
const samePassword = `EXISTS (SELECT FROM identity.accounts AS a
  WHERE a.id = account_id AND a.state = 'active' AND a.password_changed_at IS NOT DISTINCT FROM password_set)`;
// What is confirmed must stand until the end: signed out in the meantime, and nothing is left to confirm.
export const openSignIn = `interaction_hash = $1 AND finished_at IS NULL AND expires_at > now()
  AND (confirms_sid IS NULL OR ${stands}) AND ${samePassword}`;
/**
 * The account of an open sign-in, kept as it is until the statement is committed: a password that is replaced at this moment
 * waits for what is written here, or this finds it replaced and nothing to write for.
 */
export const standingAccount = `SELECT a.id FROM identity.accounts AS a JOIN identity.sign_ins AS s ON s.account_id = a.id
  WHERE s.interaction_hash = $1 AND s.finished_at IS NULL AND s.expires_at > now() AND a.state = 'active'
    AND a.password_changed_at IS NOT DISTINCT FROM s.password_set FOR SHARE OF a`;

export function createProgressStore(pool: Pool): ProgressStore {
  const one = async (text: string, values: unknown[]): Promise<Progress> => {
    const { rows } = await pool.query<Progress>(text, values);
    if (!rows[0]) throw new IdentityError('identity-interaction-unknown');
    return rows[0];
  };
  async function find(interactionId: string): Promise<Progress | undefined> {
    const { rows } = await pool.query<Progress>(
      `SELECT ${columns} FROM identity.sign_ins WHERE ${openSignIn}`,
      [hashValue(interactionId)],
    );
    return rows[0];
  }

  return {
    begin: (interactionId, { id, passwordHash }) =>
      one(
        `INSERT INTO identity.sign_ins AS s (interaction_hash, account_id, password_at, password_set, expires_at)
         SELECT $1, id, now(), password_changed_at, now() + make_interval(secs => $3) FROM identity.accounts
         WHERE id = $2 AND state = 'active' AND password_hash = $4 FOR SHARE
         ON CONFLICT (interaction_hash) DO UPDATE SET account_id = excluded.account_id,
           password_at = excluded.password_at, password_set = excluded.password_set, expires_at = excluded.expires_at, factor_at = NULL, factor_kind = NULL,
           manages = false, challenge = NULL, challenge_for = NULL, confirms_sid = NULL
         WHERE s.finished_at IS NULL
         RETURNING ${columns}`,
        [hashValue(interactionId), id, secondsToFinish, passwordHash],
      ),
    async beginConfirmation(interactionId, { sid, accountId, clientId }) {
      const { rows } = await pool.query<Progress>(
        `INSERT INTO identity.sign_ins (interaction_hash, account_id, password_at, password_set, confirms_sid, expires_at)
         SELECT $1, account_id, password_at, password_set, confirms_sid, now() + make_interval(secs => $5)
         FROM (SELECT account_id, password_at, password_set, sid AS confirms_sid FROM identity.token_families
           WHERE sid = $2 AND account_id = $3 AND client_id = $4
             AND password_at > now() - interval '${passwordHolds}') AS earlier
         WHERE ${stands} AND ${samePassword}
         ON CONFLICT DO NOTHING RETURNING ${columns}`,
        [hashValue(interactionId), sid, accountId, clientId, secondsToConfirm],
      );
      // Another request of the same page may have begun it at the same moment.
      return rows[0] ?? (await find(interactionId));
    },
    find,
    recordFactor: (interactionId, kind) =>
      one(
        `UPDATE identity.sign_ins SET factor_at = now(), factor_kind = $2 WHERE ${openSignIn} RETURNING ${columns}`,
        [hashValue(interactionId), kind],
      ),
    chooseToManage: (interactionId, manages) =>
      one(`UPDATE identity.sign_ins SET manages = $2 WHERE ${openSignIn} RETURNING ${columns}`, [
        hashValue(interactionId),
        manages,
      ]),
    async keepChallenge(interactionId, use, challenge) {
      await one(
        `UPDATE identity.sign_ins SET challenge = $2, challenge_for = $3 WHERE ${openSignIn} RETURNING ${columns}`,
        [hashValue(interactionId), Buffer.from(challenge, 'base64url'), use],
      );
    },
    async takeChallenge(interactionId, use) {
      const { rows } = await pool.query<{ challenge: Buffer }>(
        `WITH held AS (
           SELECT interaction_hash, challenge FROM identity.sign_ins WHERE ${openSignIn} AND challenge_for = $2 FOR UPDATE
         )
         UPDATE identity.sign_ins AS s SET challenge = NULL, challenge_for = NULL FROM held
         WHERE s.interaction_hash = held.interaction_hash RETURNING held.challenge`,
        [hashValue(interactionId), use],
      );
      return rows[0]?.challenge.toString('base64url');
    },
  };
}
