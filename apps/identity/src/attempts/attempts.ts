import { isIPv6 } from 'node:net';
import type { Pool } from 'pg';
import { IdentityError } from '../error.ts';
import { hashLane, type IdentityKeys } from '../keys.ts';

/**
 * After `free` failures each further attempt doubles the wait, up to `longestWaitSeconds`. NIST SP 800-63B-4 (3.2.2)
 * allows at most 100 consecutive failures; a permanent lock would let a stranger keep a clinician out.
 */
export interface Limit {
  readonly free: number;
  readonly longestWaitSeconds: number;
}

export const passwordLimit: Limit = { free: 10, longestWaitSeconds: 900 };
export const codeLimit: Limit = { free: 5, longestWaitSeconds: 900 };
/** A clinic's whole staff may share one address: its limit only stops a flood. */
export const addressLimit: Limit = { free: 100, longestWaitSeconds: 300 };
/**
 * Strangers' failures at all accounts of a tenant together: guessing one password at every account (password spraying). Browsers that have
 * signed in before are not held up by it.
 */
export const tenantLimit: Limit = { free: 300, longestWaitSeconds: 60 };

const forgottenAfter = '1 hour';

export interface Attempts {
  /**
   * Counts an attempt before it is tried, so that many at once cannot slip under the limit together; a success
   * takes it back with `forget`.
   * @param alsoOpen lanes that are not counted here, and must not be blocked either
   * @throws IdentityError `identity-attempts-exceeded`, with the seconds to wait.
   */
  reserve(lane: string, limit: Limit, alsoOpen?: readonly string[]): Promise<void>;
  /** Throws like `reserve` while the lane is blocked, but counts nothing. */
  assertOpen(lane: string): Promise<void>;
  /** Counts a failure that has happened; never throws for being over the limit. */
  countFailure(lane: string, limit: Limit): Promise<void>;
  forget(lane: string): Promise<void>;
}

/** An IPv6 client commands a whole /64 (RFC 6177): its addresses are one lane. */
export function addressLane(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return `address:${plain}`;
  const [head = '', tail = ''] = plain.split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail.split(':').filter(Boolean);
  const zeros = plain.includes('::')
    ? Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0')
    : [];
  const network = [...groups, ...zeros, ...rest]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16));
  return `address:${network.join(':')}::/64`;
}

export function createAttempts(pool: Pool, keys: IdentityKeys): Attempts {
  const exceeded = (seconds: number) =>
    new IdentityError('identity-attempts-exceeded', { retryAfterSeconds: Math.max(1, Math.ceil(seconds)) });

  async function secondsBlocked(lanes: readonly Buffer[]): Promise<number> {
    const { rows } = await pool.query<{ seconds: number | null }>(
      `SELECT extract(epoch FROM max(blocked_until) - now())::float8 AS seconds FROM identity.attempts
       WHERE lane = ANY ($1) AND blocked_until > now()`,
      [lanes],
    );
    return rows[0]?.seconds ?? 0;
  }

  const count = async (lane: Buffer, limit: Limit, alsoOpen: readonly Buffer[]): Promise<boolean> => {
    const { rowCount } = await pool.query(
      `INSERT INTO identity.attempts AS a (lane, failures)
       SELECT $1, 1 WHERE NOT EXISTS (
         SELECT FROM identity.attempts AS other WHERE other.lane = ANY ($4) AND other.blocked_until > now())
       ON CONFLICT (lane) DO UPDATE SET
         failures = CASE WHEN a.updated_at < now() - interval '${forgottenAfter}' THEN 1 ELSE a.failures + 1 END,
         blocked_until = CASE WHEN a.updated_at >= now() - interval '${forgottenAfter}' AND a.failures >= $2
           THEN now() + make_interval(secs => least($3, power(2, least(a.failures - $2, 20)))) END,
         updated_at = now()
       WHERE a.blocked_until IS NULL OR a.blocked_until <= now()`,
      [lane, limit.free, limit.longestWaitSeconds, alsoOpen],
    );
    return rowCount === 1;
  };

  return {
    async reserve(lane, limit, alsoOpen = []) {
      const hash = hashLane(keys.laneKey, lane);
      const others = alsoOpen.map((each) => hashLane(keys.laneKey, each));
      if (!(await count(hash, limit, others))) throw exceeded(await secondsBlocked([hash, ...others]));
    },
    async assertOpen(lane) {
      const seconds = await secondsBlocked([hashLane(keys.laneKey, lane)]);
      if (seconds > 0) throw exceeded(seconds);
    },
    async countFailure(lane, limit) {
      await count(hashLane(keys.laneKey, lane), limit, []);
    },
    async forget(lane) {
      await pool.query('DELETE FROM identity.attempts WHERE lane = $1', [hashLane(keys.laneKey, lane)]);
    },
  };
}
