import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import type { Pool } from 'pg';
import { hashValue } from '../keys.ts';
import type { Revocations } from './revocations.ts';

interface ArtefactRow {
  payload: AdapterPayload;
  consumed: number | null;
}

/** Kept in columns, or known to the bearer alone: neither belongs into the stored document. */
function withoutBearerValues(payload: AdapterPayload): AdapterPayload {
  const kept = { ...payload };
  delete kept.jti;
  delete kept.consumed;
  if (kept.session) {
    kept.session = { ...kept.session };
    delete kept.session.cookie;
  }
  return kept;
}

/** A row is found by its bearer's value, which the library expects back in the document. */
function toPayload(row: ArtefactRow | undefined, id?: string): AdapterPayload | undefined {
  if (!row) return undefined;
  return {
    ...row.payload,
    ...(id === undefined ? {} : { jti: id }),
    ...(row.consumed === null ? {} : { consumed: row.consumed }),
  };
}

const selected = 'payload, extract(epoch FROM consumed_at)::int AS consumed';

/** What the library keeps, in `identity.artefacts`: one instance for each of its models. */
export class ArtefactAdapter implements Adapter {
  readonly #model: string;
  readonly #pool: Pool;
  readonly #revocations: Revocations;

  constructor(model: string, pool: Pool, revocations: Revocations) {
    this.#model = model;
    this.#pool = pool;
    this.#revocations = revocations;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn = 0): Promise<void> {
    // PostgreSQL keeps no U+0000 in JSON: a `state` that holds one is the client's mistake, not our failure.
    if (JSON.stringify(payload).includes(String.raw`\u0000`))
      throw new errors.InvalidRequest('a value holds a character that cannot be kept');
    // The library looks for a used assertion some milliseconds before it notes this one: only the insert decides.
    const once = this.#model === 'ReplayDetection';
    const { rowCount } = await this.#pool.query(
      `INSERT INTO identity.artefacts (model, id_hash, grant_id, uid, user_code, payload, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
       ON CONFLICT (model, id_hash) DO UPDATE SET grant_id = excluded.grant_id, uid = excluded.uid,
         user_code = excluded.user_code, payload = excluded.payload, expires_at = excluded.expires_at
       WHERE NOT $8`,
      [
        this.#model,
        hashValue(id),
        payload.grantId ?? null,
        payload.uid ?? null,
        payload.userCode ?? null,
        withoutBearerValues(payload),
        expiresIn,
        once,
      ],
    );
    if (once && rowCount === 0) throw new errors.InvalidClientAuth('the assertion was used before');
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return toPayload(await this.#findRow('id_hash', hashValue(id)), id);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return toPayload(await this.#findRow('uid', uid));
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return toPayload(await this.#findRow('user_code', userCode));
  }

  /**
   * The library checks `consumed` some milliseconds before it calls this, so only this condition decides who was
   * first. Who loses presented a value that somebody else presented as well: the family ends, as with a later replay
   * (RFC 9700, 4.14.2), because the winner may be the thief.
   */
  async consume(id: string): Promise<void> {
    const { rows } = await this.#pool.query<{ won: boolean; grantId: string | null }>(
      `WITH first AS (
         UPDATE identity.artefacts SET consumed_at = now()
         WHERE model = $1 AND id_hash = $2 AND consumed_at IS NULL RETURNING grant_id
       )
       SELECT true AS won, grant_id AS "grantId" FROM first
       UNION ALL
       SELECT false, grant_id FROM identity.artefacts
       WHERE model = $1 AND id_hash = $2 AND NOT EXISTS (SELECT FROM first)`,
      [this.#model, hashValue(id)],
    );
    if (rows[0]?.won === true) return;
    if (this.#model === 'PushedAuthorizationRequest')
      throw new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used');
    const grantId = rows[0]?.grantId;
    if (grantId) await this.#revocations.revoke(grantId, 'token-reuse');
    throw new errors.InvalidGrant('presented more than once');
  }

  async destroy(id: string): Promise<void> {
    await this.#pool.query('DELETE FROM identity.artefacts WHERE model = $1 AND id_hash = $2', [
      this.#model,
      hashValue(id),
    ]);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.#pool.query('DELETE FROM identity.artefacts WHERE model = $1 AND grant_id = $2', [
      this.#model,
      grantId,
    ]);
  }

  async #findRow(
    column: 'id_hash' | 'uid' | 'user_code',
    value: Buffer | string,
  ): Promise<ArtefactRow | undefined> {
    const { rows } = await this.#pool.query<ArtefactRow>(
      `SELECT ${selected} FROM identity.artefacts WHERE model = $1 AND ${column} = $2 AND expires_at > now()
       ORDER BY created_at DESC LIMIT 1`,
      [this.#model, value],
    );
    return rows[0];
  }
}
