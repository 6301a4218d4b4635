import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { hashValue } from '../keys.ts';

export interface Recovery {
  readonly id: string;
  readonly accountId: string;
  readonly kind: 'link' | 'approval' | 'invitation';
  /** False once it was used or cancelled, or is over. */
  readonly open: boolean;
  /** False while an approval cools. */
  readonly due: boolean;
}

export interface Recoveries {
  /**
   * @returns the value for the link. Earlier ones work until their end, or until one is used: otherwise whoever knows an address
   * voids its owner's letters by asking for more of them.
   */
  createLink(accountId: string): Promise<string>;
  /** @returns the value for the link to a first password, which works until there is one; an earlier invitation stops working. */
  createInvitation(accountId: string, hours: number): Promise<{ token: string; expiresAt: Date }>;
  /** @returns the code for the person, with the time from which it works; an earlier approval stops working. */
  createApproval(accountId: string, approvedBy: string): Promise<{ code: string; usableFrom: Date }>;
  /** Also one that is no longer open, until it is swept. */
  find(token: string): Promise<Recovery | undefined>;
  /** Uses it up, with all others of its kind; false when it was used, cancelled, or is over or not due. */
  use(id: string): Promise<boolean>;
}

export const linkMinutes = 30;
/** Long enough for the person to see the letter and object. */
export const coolingHours = 24;
const approvalHours = 72;

export const openRecovery = 'used_at IS NULL AND cancelled_at IS NULL AND expires_at > now()';

export function createRecoveries(pool: Pool): Recoveries {
  async function create(
    values: { accountId: string; kind: Recovery['kind']; approvedBy: string | null },
    from: string,
    until: string,
  ): Promise<{ token: string; usableFrom: Date; expiresAt: Date }> {
    const token = randomBytes(32).toString('base64url');
    const { rows } = await pool.query<{ usableFrom: Date; expiresAt: Date }>(
      `WITH earlier AS (
         UPDATE identity.recoveries SET cancelled_at = now()
         WHERE account_id = $1 AND kind = $2 AND kind <> 'link' AND ${openRecovery}
       )
       INSERT INTO identity.recoveries (account_id, kind, token_hash, approved_by, usable_from, expires_at)
       VALUES ($1, $2, $3, $4, now() + $5::interval, now() + $6::interval)
       RETURNING usable_from AS "usableFrom", expires_at AS "expiresAt"`,
      [values.accountId, values.kind, hashValue(token), values.approvedBy, from, until],
    );
    const [kept] = rows;
    if (!kept) throw new Error('the recovery was not kept');
    return { token, ...kept };
  }

  return {
    async createLink(accountId) {
      const kept = await create({ accountId, kind: 'link', approvedBy: null }, '0', `${linkMinutes} minutes`);
      return kept.token;
    },
    async createInvitation(accountId, hours) {
      return create({ accountId, kind: 'invitation', approvedBy: null }, '0', `${hours} hours`);
    },
    async createApproval(accountId, approvedBy) {
      const kept = await create(
        { accountId, kind: 'approval', approvedBy },
        `${coolingHours} hours`,
        `${approvalHours} hours`,
      );
      return { code: kept.token, usableFrom: kept.usableFrom };
    },
    async find(token) {
      const { rows } = await pool.query<Recovery>(
        `SELECT id, account_id AS "accountId", kind, usable_from <= now() AS due, ${openRecovery} AS open
         FROM identity.recoveries WHERE token_hash = $1`,
        [hashValue(token)],
      );
      return rows[0];
    },
    async use(id) {
      const { rowCount } = await pool.query(
        // In one order, so that two links that are used in one instant do not wait for each other for ever.
        `WITH open AS (
           SELECT r.id FROM identity.recoveries AS r JOIN identity.recoveries AS this USING (account_id, kind)
           WHERE this.id = $1 AND r.used_at IS NULL AND r.cancelled_at IS NULL AND r.expires_at > now()
           ORDER BY r.id FOR UPDATE OF r
         ), used AS (
           UPDATE identity.recoveries SET used_at = now()
           WHERE id = $1 AND id IN (SELECT id FROM open) AND ${openRecovery} AND usable_from <= now() RETURNING id
         ), others AS (
           UPDATE identity.recoveries SET cancelled_at = now()
           WHERE id IN (SELECT id FROM open WHERE id <> $1) AND ${openRecovery} AND EXISTS (SELECT FROM used)
         )
         SELECT FROM used`,
        [id],
      );
      return rowCount === 1;
    },
  };
}
