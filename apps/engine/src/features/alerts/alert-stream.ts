import type { RequestCaller } from '../../caller/caller.ts';
import { toPolicyCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { changeRecord } from '../../walk/change-record.ts';
import { discloseRecords, type DisclosedRow } from '../../walk/disclose-records.ts';
import type { EngineContext } from '../../walk/engine-context.ts';
import { readAlertCursor, writeAlertCursor, type AlertCursor } from './alert-cursor.ts';
import { alertTable, markDelivered } from './alert-states.ts';
import type { LiveAlerts } from './live-alerts.ts';
import { listEvents, listOpenAlerts, readSequences, toAlertItem, type AlertEventRow, type AlertRow } from './queries.ts'; // prettier-ignore

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
const deliveredAtOnce = 4;

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
      await deliver(options, open);
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
      marked = marked.then(() => deliver(options, page.shown)).finally(() => (waiting -= 1));
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
    subject: {
      action: 'list',
      dataClass: 'urgencyAlert',
      auditAction: 'record.listed',
      resourceType: 'Alert',
    },
    table: alertTable,
    columns: { message: 'message' },
    fetch,
  });
}

/** Alerts that a clinician's console now shows. Who cannot take an alert does not count as having received it. */
async function deliver(options: AlertStreamOptions, shown: readonly Shown<AlertRow>[]): Promise<void> {
  const pending = new Map(
    shown.filter(({ row }) => row.state === 'PENDING' && mayTake(options, row)).map(({ row }) => [row.id, row]),
  );
  const rows = [...pending.values()];
  for (let at = 0; at < rows.length; at += deliveredAtOnce)
    await Promise.all(rows.slice(at, at + deliveredAtOnce).map((row) => deliverOne(options, row)));
} // prettier-ignore

function mayTake({ engine, caller }: AlertStreamOptions, row: AlertRow): boolean {
  const resource = {
    tenantId: caller.tenantId,
    clinicId: row.clinic_id,
    patientRecordId: row.patient_id,
  };
  const asked = engine.policy().decide(toPolicyCaller(caller), 'acknowledge', 'urgencyAlert', resource);
  return asked.decision === 'permit';
}

/** Several consoles of one process show an alert at once; the first says so. */
const underWay = new Set<string>();

async function deliverOne({ engine, live, caller }: AlertStreamOptions, row: AlertRow): Promise<void> {
  const { tenantId } = caller;
  if (underWay.has(row.id)) return;
  underWay.add(row.id);
  try {
    await changeRecord(engine, caller, {
      subject: {
        action: 'update',
        dataClass: 'urgencyAlert',
        auditAction: 'alert.delivered',
        resourceType: 'Alert',
        resourceId: row.id,
      },
      clinicId: row.clinic_id,
      patientId: row.patient_id,
      work: async (transaction) => {
        if (!(await markDelivered(transaction, { tenantId, alertId: row.id })))
          throw new EngineError('alert-settled');
      },
    });
    live.wake(tenantId);
  } catch (error) {
    // Somebody was faster, or a store is away: the alert stays as it is, and its time goes on.
    const settled = error instanceof EngineError && error.code === 'alert-settled';
    if (!settled)
      engine.logger.warn('delivery not marked', { component: 'alerts', resourceId: row.id, err: error });
  } finally {
    underWay.delete(row.id);
  }
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
