import type { Logger } from '@cordon/service';
import type { Pool } from 'pg';

const everyMs = 5 * 60 * 1000;
/** Rows a statement: a sweep never holds many locks at once. */
const batch = 5_000;

const sweeps = [
  ['identity.artefacts', 'expires_at < now()'],
  ['identity.sign_ins', 'expires_at < now()'],
  ['identity.recoveries', 'expires_at < now()'],
  ['identity.known_devices', 'expires_at < now()'],
  ['identity.signing_keys', 'expires_at < now()'],
  [
    'identity.attempts',
    "updated_at < now() - interval '1 day' AND (blocked_until IS NULL OR blocked_until < now())",
  ],
  // Kept a day longer than its last access token, for whoever asks why it ended.
  ['identity.token_families', "expires_at < now() - interval '1 day'"],
] as const;

/** What has expired counts for nothing; this removes it. @returns the end of it. */
export function startSweeping(pool: Pool, logger: Logger): () => Promise<void> {
  let sweeping: Promise<void> = Promise.resolve();
  const sweep = async () => {
    try {
      for (const [table, condition] of sweeps)
        await pool.query(
          `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${batch}))`,
        );
    } catch (error) {
      logger.warn('sweep failed', { err: error });
    }
  };
  const timer = setInterval(() => {
    sweeping = sweep();
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await sweeping;
  };
}
