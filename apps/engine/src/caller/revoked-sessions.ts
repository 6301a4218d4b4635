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

function hashOf(sessionId: string): string {
  return hash('sha256', sessionId, 'base64');
}

/** Kept in memory and read again each second, so that every replica learns of a revocation. */
export async function watchRevokedSessions(directory: SealedPool, logger: Logger): Promise<RevokedSessions> {
  let revoked = new Set<string>();
  // Revoked here while a read was under way: its snapshot may be older, and would let the session in again.
  let sinceReadBegan = new Set<string>();
  let readAt = 0;

  async function read(): Promise<void> {
    sinceReadBegan = new Set();
    const rows = await directory.within(noTenantContext(), async (transaction) => {
      const result = await transaction.query<{ sid_hash: Buffer }>(
        'SELECT sid_hash FROM clinical.revoked_sessions WHERE until > now() LIMIT 100000',
      );
      return result.rows;
    });
    revoked = new Set([...rows.map((row) => row.sid_hash.toString('base64')), ...sinceReadBegan]);
    readAt = Date.now();
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
          `INSERT INTO clinical.revoked_sessions (sid_hash, until) VALUES ($1, $2)
           ON CONFLICT (sid_hash) DO UPDATE SET until = greatest(revoked_sessions.until, excluded.until)`,
          [Buffer.from(hash, 'base64'), until],
        ),
      );
      revoked.add(hash);
      sinceReadBegan.add(hash);
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
