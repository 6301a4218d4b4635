import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { discloseRecords, type DisclosedRow } from '../../pipeline/disclose-records.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { readAlertCursor, writeAlertCursor, type AlertCursor } from './alert-cursor.ts';
import { alertTable } from './alert-states.ts';
import { deliverAlerts } from './deliver-alerts.ts';
import type { LiveAlerts } from './live-alerts.ts';
import { listedAlerts, listEvents, listOpenAlerts, readSequences, toAlertItem, type AlertEventRow, type AlertRow } from './queries.ts'; // prettier-ignore

export interface AlertStreamOptions {
  readonly engine: EngineContext;
  readonly live: LiveAlerts;
  readonly caller: RequestCaller;
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal;
  /** @throws when the caller's token is not good any more. */
  readonly stillMay: () => Promise<void>;
}

const signOfLifeMs = 15_000;
const reconnectMs = 2_000;
const pageSize = 50;
const mostOpen = 100;
const mostUnmarked = 8;

type Shown<Row extends AlertRow> = DisclosedRow<Row, 'message'>;

/**
 * One console's stream. What woke it is read under the caller's own row security, decided, audited, decrypted and sent,
 * page by page; the number of the last event is its place, so a connection that was lost goes on where it was and nothing is
 * told twice as new. It ends with the token; the page connects again.
 */
export async function* createAlertStream(options: AlertStreamOptions): AsyncGenerator<string> {
  const { engine, live, caller, signal } = options;
  const { tenantId, clinicIds } = caller;
  const waker = createWaker(signal);
  const stop = live.listen(tenantId, waker.wake);
  const deliver = (shown: readonly Shown<AlertRow>[]) =>
    deliverAlerts(
      engine,
      live,
      caller,
      shown.map(({ row }) => row),
    );
  const deadline = setTimeout(waker.end, Math.max(0, caller.expiresAt * 1_000 - Date.now()));
  try {
    yield `retry: ${reconnectMs}\n\n`;
    let cursor = readAlertCursor(options.lastEventId, clinicIds);
    if (cursor === undefined) {
      // The place is taken before the rows are read: what changes in between is told again, and nothing is missed.
      cursor = await readSequences(engine.stores.readAs(caller), tenantId, clinicIds);
      const open = await disclose<AlertRow>(options, (transaction) =>
        listOpenAlerts(transaction, tenantId, clinicIds, mostOpen),
      );
      yield frame('open', cursor, { items: open.map(toAlertItem) });
      await deliver(open);
    }
    let marked = Promise.resolve();
    let waiting = 0;
    for (;;) {
      await options.stillMay();
      const page = await readPage(options, cursor);
      cursor = page.cursor;
      for (const text of page.frames) yield text;
      // What is shown is marked behind the next page, and never more than a few pages late.
      waiting += 1;
      marked = marked.then(() => deliver(page.shown)).finally(() => (waiting -= 1));
      if (waiting > mostUnmarked) await marked;
      if (page.full) continue;
      const woken = await waker.wait(signOfLifeMs);
      if (woken === 'ended') return;
      if (woken === 'time') yield ': alive\n\n';
    }
  } catch (error) {
    // The answer has begun: it ends, and the page learns the reason when it connects again.
    if (!(error instanceof EngineError))
      engine.logger.warn('alert stream ended', { requestId: caller.requestId, err: error });
  } finally {
    clearTimeout(deadline);
    stop();
  }
}

async function readPage(
  options: AlertStreamOptions,
  cursor: AlertCursor,
): Promise<{
  cursor: AlertCursor;
  frames: string[];
  shown: readonly Shown<AlertEventRow>[];
  full: boolean;
}> {
  const { engine, caller } = options;
  const { tenantId, clinicIds } = caller;
  const now = await readSequences(engine.stores.readAs(caller), tenantId, clinicIds);
  if (clinicIds.every((id) => (now.get(id) ?? 0n) <= (cursor.get(id) ?? 0n)))
    return { cursor, frames: [], shown: [], full: false };
  const shown = await disclose<AlertEventRow>(options, (transaction) =>
    listEvents(transaction, tenantId, cursor, pageSize),
  );
  const next = new Map(cursor);
  const frames = shown.map((each) => {
    next.set(each.row.clinic_id, BigInt(each.row.sequence));
    return frame('alert', next, { change: each.row.change, ...toAlertItem(each) });
  });
  const full = shown.length === pageSize;
  // Rows that the caller may not see have numbers too; the place goes past them.
  if (!full) for (const [id, last] of now) if (last > (next.get(id) ?? 0n)) next.set(id, last);
  return { cursor: next, frames, shown, full };
}

function disclose<Row extends AlertRow>(
  { engine, caller }: AlertStreamOptions,
  fetch: (transaction: Parameters<typeof listEvents>[0]) => Promise<readonly Row[]>,
): Promise<Shown<Row>[]> {
  return discloseRecords<Row, 'message'>(engine, caller, {
    subject: listedAlerts,
    table: alertTable,
    columns: { message: 'message' },
    fetch,
  });
}

function frame(event: string, cursor: AlertCursor, data: unknown): string {
  return `event: ${event}\nid: ${writeAlertCursor(cursor)}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Remembers a wake that came while nobody waited. */
export function createWaker(signal: AbortSignal) {
  let woken = false;
  let ended = signal.aborted;
  let resume: (() => void) | undefined;
  const end = () => {
    ended = true;
    resume?.();
  };
  signal.addEventListener('abort', end, { once: true });
  return {
    end,
    wake: () => {
      woken = true;
      resume?.();
    },
    async wait(atMostMs: number): Promise<'woken' | 'time' | 'ended'> {
      if (!woken && !ended)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, atMostMs);
          resume = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      resume = undefined;
      if (ended) return 'ended';
      const because = woken ? 'woken' : 'time';
      woken = false;
      return because;
    },
  };
}
