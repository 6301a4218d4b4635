import { hash } from 'node:crypto';
import type { Logger } from '@cordon/service';
import type { SealedPool } from '@cordon/row-security';
import { EngineError } from '../error.ts';
import { noTenantContext } from '../stores/system-context.ts';

/** The sessions whose access tokens are refused although they have not expired. */
export interface RevokedSessions {
  /**
   * @throws EngineError `records-unavailable` when the list could not be read for too long: an unknown state refuses, but
   *   not as an ended session, which a session server would take for the person's sign-out.
   */
  has(sessionId: string): boolean;
  revoke(sessionId: string, until: Date): Promise<void>;
  close(): void;
}

const readEveryMs = 1_000;
const trustedForMs = 15_000;
/** A look goes back as far behind the one before: what was recorded earlier than that is committed, or never will be. */
const committedWithin = '5 minutes';

function hashOf(sessionId: string): string {
  return hash('sha256', sessionId, 'base64');
}

interface Row {
  /** Null in the last row, which says when it was looked where there is nothing else. */
  readonly sid_hash: Buffer | null;
  /** Until no token of the session can be alive, by the store's clock. */
  readonly seconds: number;
  /** When it was looked, by the store's clock; as text, to the microsecond. */
  readonly looked_at: string;
}

/**
 * Kept in memory until their tokens have expired, and what was recorded since is added each second, so that every replica learns of
 * a revocation. Nothing is taken away by a look, so none that began earlier brings a session back; and nothing is left out,
 * however many there are.
 */
export async function watchRevokedSessions(directory: SealedPool, logger: Logger): Promise<RevokedSessions> {
  const revoked = new Map<string, number>();
  let lookedAt: string | null = null;
  let readAt = 0;

  const add = (hash: string, until: number): void => {
    revoked.set(hash, Math.max(until, revoked.get(hash) ?? 0));
  };

  async function read(): Promise<void> {
    const began = Date.now();
    const rows = await directory.within(noTenantContext(), async (transaction) => {
      const result = await transaction.query<Row>(
        `SELECT sid_hash, extract(epoch FROM until - now())::float8 AS seconds, now()::text AS looked_at
         FROM clinical.revoked_sessions
         WHERE until > now() AND ($1::timestamptz IS NULL OR recorded_at > $1::timestamptz - interval '${committedWithin}')
         UNION ALL SELECT NULL, 0, now()::text`,
        [lookedAt],
      );
      return result.rows;
    });
    for (const row of rows) {
      lookedAt = row.looked_at;
      if (row.sid_hash !== null) add(row.sid_hash.toString('base64'), began + row.seconds * 1_000);
    }
    for (const [hash, until] of revoked) if (until < began) revoked.delete(hash);
    // What is known is what stood there when it was asked, however late the answer.
    readAt = began;
  }

  await read();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const schedule = () => {
    if (closed) return;
    timer = setTimeout(() => {
      read()
        .catch((error: unknown) => {
          logger.warn('revoked sessions not read', { store: 'clinical', err: error });
        })
        .finally(schedule);
    }, readEveryMs);
    timer.unref();
  };
  schedule();

  return {
    has(sessionId) {
      if (Date.now() - readAt > trustedForMs)
        throw new EngineError('records-unavailable', { detail: 'the revoked sessions are not known' });
      return revoked.size > 0 && revoked.has(hashOf(sessionId));
    },
    async revoke(sessionId, until) {
      const hash = hashOf(sessionId);
      await directory.within(noTenantContext(), (transaction) =>
        transaction.query(
          `WITH over AS (
             DELETE FROM clinical.revoked_sessions WHERE sid_hash IN (
               SELECT sid_hash FROM clinical.revoked_sessions WHERE until < now() - interval '1 hour'
               ORDER BY until LIMIT 10 FOR UPDATE SKIP LOCKED))
           INSERT INTO clinical.revoked_sessions (sid_hash, until) VALUES ($1, $2)
           ON CONFLICT (sid_hash) DO UPDATE
             SET until = greatest(revoked_sessions.until, excluded.until), recorded_at = now()`,
          [Buffer.from(hash, 'base64'), until],
        ),
      );
      add(hash, until.getTime());
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
