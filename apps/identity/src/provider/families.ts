import type { Pool } from 'pg';

export type RevocationReason =
  | 'token-reuse'
  | 'sign-out'
  | 'entitlement-lost'
  | 'client-request'
  | 'person-request'
  | 'credentials-changed';

/** One sign-in at one client for one tenant. All of its tokens carry its `sid` and end with it. */
export interface TokenFamily {
  readonly grantId: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly tenantId: string;
  readonly role: string;
  /** Clinic scopes that the client asked for by name; null when it asked for none: then all that the person has. */
  readonly allowedScopes: readonly string[] | null;
  readonly sid: string;
}

/** What a token is issued to. */
export interface Holder {
  readonly active: boolean;
  /** The family that was asked for, while it is live and this account's own. */
  readonly family: TokenFamily | undefined;
}

export interface EndedFamily extends TokenFamily {
  readonly revokedFor: RevocationReason;
  readonly revokedAt: Date;
}

/** A signed-in place as its owner sees it. */
export interface LiveFamily extends TokenFamily {
  readonly createdAt: Date;
}

export interface TokenFamilies {
  /** A family that is neither revoked nor over. */
  findLive(grantId: string): Promise<TokenFamily | undefined>;
  findHolder(accountId: string, grantId: string | undefined): Promise<Holder>;
  /** Every tenant that anybody signed in for lately, in a fixed order. */
  findTenants(): Promise<readonly string[]>;
  /** Newest first. */
  findLiveOfAccount(accountId: string): Promise<readonly LiveFamily[]>;
  /**
   * Ends the family and everything that hangs on it, in one statement.
   * @returns the family when this call ended it; undefined when it had ended before.
   */
  revoke(grantId: string, reason: RevocationReason): Promise<EndedFamily | undefined>;
  /**
   * Ended families whose end has not reached everybody yet, while a token of theirs may still be alive: a page of them, in the
   * order of their ends, behind the last of the page before.
   */
  findUnannounced(after?: EndedFamily): Promise<readonly EndedFamily[]>;
  markAnnounced(grantId: string): Promise<void>;
}

/** From the first token on, whatever is refreshed in between. */
export const familySeconds = 7 * 24 * 60 * 60;

/** An access token outlives its family by at most this; after it nobody needs to be told. */
const tellFor = '20 minutes';

const columns = `grant_id AS "grantId", account_id AS "accountId", client_id AS "clientId", tenant_id AS "tenantId",
  role, allowed_scopes AS "allowedScopes", sid`;
const endedColumns = `${columns}, revoked_for AS "revokedFor", revoked_at AS "revokedAt"`;

const live = 'revoked_at IS NULL AND expires_at > now()';

export function createTokenFamilies(pool: Pool): TokenFamilies {
  return {
    async findLive(grantId) {
      const { rows } = await pool.query<TokenFamily>(
        `SELECT ${columns} FROM identity.token_families
         WHERE grant_id = $1 AND ${live}`,
        [grantId],
      );
      return rows[0];
    },
    async findHolder(accountId, grantId) {
      const { rows } = await pool.query<{ active: boolean; family: TokenFamily | null }>(
        `SELECT a.state = 'active' AS active, to_jsonb(f) AS family FROM identity.accounts AS a
         LEFT JOIN LATERAL (SELECT ${columns} FROM identity.token_families
           WHERE grant_id = $2 AND account_id = a.id AND ${live}) AS f ON true
         WHERE a.id = $1`,
        [accountId, grantId],
      );
      return { active: rows[0]?.active === true, family: rows[0]?.family ?? undefined };
    },
    async findTenants() {
      const { rows } = await pool.query<{ tenantId: string }>(
        'SELECT DISTINCT tenant_id AS "tenantId" FROM identity.token_families ORDER BY 1',
      );
      return rows.map(({ tenantId }) => tenantId);
    },
    async findLiveOfAccount(accountId) {
      const { rows } = await pool.query<LiveFamily>(
        `SELECT ${columns}, created_at AS "createdAt" FROM identity.token_families
         WHERE account_id = $1 AND ${live} ORDER BY created_at DESC LIMIT 500`,
        [accountId],
      );
      return rows;
    },
    async revoke(grantId, reason) {
      const { rows } = await pool.query<EndedFamily>(
        `WITH ended AS (
           UPDATE identity.token_families SET revoked_at = now(), revoked_for = $2
           WHERE grant_id = $1 AND revoked_at IS NULL RETURNING ${endedColumns}
         ), swept AS (
           DELETE FROM identity.artefacts
           WHERE grant_id = $1 AND model IN ('RefreshToken', 'AuthorizationCode', 'AccessToken')
         )
         SELECT * FROM ended`,
        [grantId, reason],
      );
      return rows[0];
    },
    async findUnannounced(after) {
      const { rows } = await pool.query<EndedFamily>(
        `SELECT ${endedColumns} FROM identity.token_families
         WHERE revoked_at > now() - interval '${tellFor}' AND notified_at IS NULL
           AND ($1::text IS NULL OR (revoked_at, grant_id) > (
             SELECT last.revoked_at, last.grant_id FROM identity.token_families AS last WHERE last.grant_id = $1))
         ORDER BY revoked_at, grant_id LIMIT 200`,
        [after?.grantId],
      );
      return rows;
    },
    async markAnnounced(grantId) {
      await pool.query('UPDATE identity.token_families SET notified_at = now() WHERE grant_id = $1', [
        grantId,
      ]);
    },
  };
}
