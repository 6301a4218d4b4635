import type { SealedPool } from '@cordon/row-security';
import { EngineError } from '../error.ts';
import { refuseWhenAway } from '../stores/stores.ts';
import { writeColumns } from './columns.ts';
import type { AuditEntry } from './entry.ts';
import { createPace } from './pace.ts';
import { issueReceipt, type AuditReceipt } from './receipt.ts';

/** The one way to the audit log. */
export interface AuditAppender {
  /**
   * Resolves once every entry is durable: written, and committed with synchronous_commit on. The receipt releases keys.
   * @throws EngineError `audit-unavailable` when that cannot be said.
   */
  append(entries: readonly AuditEntry[]): Promise<AuditReceipt>;
}

interface Waiting {
  readonly entries: readonly AuditEntry[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Bounds of the database's own function, and of what may wait while the store is slow. */
const largestBatch = 1_000;
const mostWaiting = 20_000;
const statement = 'SELECT audit.append_sealed_entries($1::text[], $2::bytea[], $3)';

/**
 * Entries of all requests that arrive while a batch is on its way share the next one, and so one commit: 27 times the
 * rows of single inserts at 100 a batch. A batch that is refused is sent again request by request, so that one bad
 * entry fails its own request alone.
 */
export function createAuditAppender(pool: SealedPool): AuditAppender {
  const queue: Waiting[] = [];
  let waiting = 0;
  let sending = false;
  const pace = createPace();

  function takeBatch(): Waiting[] {
    let size = 0;
    let count = 0;
    while (count < queue.length) {
      const next = queue[count]?.entries.length ?? 0;
      if (count > 0 && size + next > largestBatch) break;
      size += next;
      count += 1;
    }
    waiting -= size;
    return queue.splice(0, count);
  }

  async function send(entries: readonly AuditEntry[]): Promise<void> {
    // One text, one tag: verifying a tag for each entry costs the server more than writing it.
    await pool.sendTagged(statement, [writeColumns(entries)]);
  }

  async function sendBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      await send(batch.flatMap((item) => item.entries));
      for (const item of batch) item.resolve();
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const item of batch) await send(item.entries).then(item.resolve, item.reject);
    }
  }

  async function drain(): Promise<void> {
    if (sending) return;
    sending = true;
    while (queue.length > 0) {
      await pace.wait(queue);
      const batch = takeBatch();
      pace.start(batch);
      await sendBatch(batch);
    }
    sending = false;
  }

  return {
    async append(entries) {
      if (entries.length === 0) return issueReceipt([]);
      if (entries.length > largestBatch || waiting + entries.length > mostWaiting)
        throw new EngineError('audit-unavailable', { detail: 'too many entries are waiting' });
      try {
        await refuseWhenAway(
          'audit-unavailable',
          () =>
            new Promise<void>((resolve, reject) => {
              queue.push({ entries, resolve, reject });
              waiting += entries.length;
              pace.added(queue);
              void drain();
            }),
        );
        return issueReceipt(entries);
      } catch (error) {
        throw error instanceof EngineError ? error : new EngineError('audit-unavailable', { cause: error });
      }
    },
  };
}
