import type { Transaction } from '@cordon/row-security';
import { EngineError } from '../../error.ts';
import { createWaker, type AlertStreamOptions } from './alert-stream.ts';

const signOfLifeMs = 15_000;

/** How many alerts wait for somebody, and how many of them are more than routine. Numbers only: nothing of any patient. */
export interface AlertBadge {
  readonly open: number;
  readonly urgent: number;
}

async function countOpen(
  transaction: Transaction,
  tenantId: string,
  clinicIds: readonly string[],
): Promise<AlertBadge> {
  const { rows } = await transaction.query<AlertBadge>(
    `SELECT count(*)::int AS open, (count(*) FILTER (WHERE urgency <> 'routine'))::int AS urgent
     FROM clinical.alerts WHERE tenant_id = $1 AND clinic_id = ANY ($2::uuid[]) AND state <> 'ACKNOWLEDGED'`,
    [tenantId, clinicIds],
  );
  return rows[0] ?? { open: 0, urgent: 0 };
}

/**
 * What a locked console may go on hearing: an event "badge" with the numbers, now and whenever they change. It opens no record,
 * takes no key and marks nothing as delivered.
 */
export async function* createBadgeStream(
  options: Pick<AlertStreamOptions, 'engine' | 'live' | 'caller' | 'signal' | 'stillMay'>,
): AsyncGenerator<string> {
  const { engine, live, caller, signal } = options;
  const { tenantId, clinicIds } = caller;
  const waker = createWaker(signal);
  const stop = live.listen(tenantId, waker.wake);
  const deadline = setTimeout(waker.end, Math.max(0, caller.expiresAt * 1_000 - Date.now()));
  let told = '';
  try {
    for (;;) {
      const badge = JSON.stringify(await countOpen(engine.stores.readAs(caller), tenantId, clinicIds));
      if (badge !== told) yield `event: badge\ndata: ${badge}\n\n`;
      told = badge;
      const woken = await waker.wait(signOfLifeMs);
      if (woken === 'ended') return;
      if (woken === 'time') yield ': alive\n\n';
      await options.stillMay();
    }
  } catch (error) {
    // The answer has begun: it ends, and the page learns the reason when it connects again.
    if (!(error instanceof EngineError))
      engine.logger.warn('alert badge ended', { requestId: caller.requestId, err: error });
  } finally {
    clearTimeout(deadline);
    stop();
  }
}
