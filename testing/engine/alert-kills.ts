import { setTimeout as sleep } from 'node:timers/promises';
import { openAlertStream, type AlertConsole } from './alert-console.ts';
import { openKillableEngine } from './killable-engine.ts';
import type { SeedAccount } from './run-engine-on.ts';

const raisers = 20;

export interface AlertKillReport {
  readonly kills: number;
  readonly raised: number;
  /** Alerts by the way that they went, as their events tell it. */
  readonly ways: Readonly<Record<string, number>>;
  /** Alerts that a console was told as new more than once over all its connections. */
  readonly toldTwice: readonly string[];
  /** Alerts with more than one successful outcome of the same step in the audit log. */
  readonly auditedTwice: number;
}

/**
 * Raises alerts without pause while the engine is killed by SIGKILL at random moments; a clinician's console, which comes
 * back after each kill, takes every second alert, and the clinic's time runs out for the others.
 */
export async function runAlertKills(count: number): Promise<AlertKillReport> {
  const engine = await openKillableEngine();
  const { url, token, post, clinical, audit, serves } = engine;
  const clinician = engine.account('clinician');
  const patient = engine.account('Petra Patientson');
  const desks = await engine.copiesOf('receptionist', raisers);
  const takers = await engine.copiesOf('clinician', raisers);
  await clinical.query('ALTER TABLE clinical.clinics DROP CONSTRAINT clinics_alert_timeout_check');
  await clinical.query("UPDATE clinical.clinics SET alert_timeout = '6 seconds'");

  let raised = 0;
  let kills = 0;
  const state = { over: false, raising: true };
  const isOver = (): boolean => state.over;
  const told = new Map<string, number>();

  async function raise(desk: SeedAccount): Promise<void> {
    while (raised < count) {
      raised += 1;
      const { clinicIds, patientRecordId: patientId } = patient;
      const body = { clinicId: clinicIds[0], patientId, urgency: 'urgent', message: 'Swelling' };
      // An answer that was lost may have left an alert all the same; it counts like any other.
      if ((await post(desk, '/v1/alerts', body))?.status !== 201) {
        raised -= 1;
        await sleep(100);
      }
      // Two requests a second each stay within the rate limit.
      await sleep(500);
    }
  }

  /** Comes back with its place after each loss, and takes every second alert that it is told as new. */
  async function watch(): Promise<void> {
    let place: string | undefined;
    while (!state.over) {
      let view: AlertConsole | undefined;
      try {
        view = await openAlertStream({ running: { url }, token }, clinician, place);
        let read = 0;
        for (let last = false; !last;) {
          last = view.ended() || isOver();
          await sleep(100);
          for (const event of view.seen().slice(read)) {
            if (event.change !== 'PENDING') continue;
            told.set(event.id, (told.get(event.id) ?? 0) + 1);
            if (told.size % 2 === 0) {
              const taker = takers[told.size % raisers] ?? clinician;
              void post(taker, `/v1/alerts/${event.id}/acknowledge`);
            }
          }
          read = view.seen().length;
          place = view.lastEventId();
        }
      } catch {
        await sleep(200);
      }
      view?.close();
    }
  }

  const open = async (): Promise<number> => {
    const { rows } = await clinical.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM clinical.alerts WHERE state IN ('PENDING', 'DELIVERED')",
    );
    return rows[0]?.n ?? 0;
  };
  try {
    engine.process.start();
    const watching = watch();
    const raising = Promise.all(desks.map(raise));
    void raising.then(() => (state.raising = false));
    while (state.raising) {
      const started = performance.now();
      await serves();
      // A machine that starts the engine slowly also works slowly: it must get on between two kills.
      const pace = Math.max(1, (performance.now() - started) / 1_500);
      await sleep(pace * (1_000 + Math.random() * 3_000));
      await engine.process.end('SIGKILL');
      engine.process.start();
      kills += 1;
    }
    for (let wait = 0; (await open()) > 0; wait += 1) {
      if (wait > 240) throw new Error(`${await open()} alerts were left`);
      await sleep(500);
    }
    state.over = true;
    await watching;
    const ways = await clinical.query<{ way: string; n: number }>(
      `SELECT way, count(*)::int AS n FROM (
         SELECT string_agg(state, ' ' ORDER BY state) FILTER (WHERE state IN ('ACKNOWLEDGED', 'ESCALATED')) AS way
         FROM clinical.alert_events GROUP BY alert_id) AS each GROUP BY way`,
    );
    await engine.process.end('SIGTERM');
    const twice = await audit.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM (
         SELECT i.resource_id, i.action FROM audit.audit_logs i JOIN audit.audit_logs o ON o.intent_id = i.id AND o.outcome = 'success'
         WHERE i.outcome = 'intent' AND i.action IN ('alert.acknowledged', 'alert.escalated', 'alert.delivered')
         GROUP BY 1, 2 HAVING count(*) > 1) AS steps`,
    );
    return {
      kills,
      raised: count,
      ways: Object.fromEntries(ways.rows.map(({ way, n }) => [way, n])),
      toldTwice: [...told].filter(([, times]) => times > 1).map(([id]) => id),
      auditedTwice: twice.rows[0]?.n ?? -1,
    };
  } finally {
    state.over = true;
    raised = count;
    await engine.close();
  }
}

/**
 * What a report must say. Each state is reached once at most, by a unique key; an alert that was passed on and taken after
 * that has both.
 */
export function settledOnce({ ways, raised, toldTwice, auditedTwice }: AlertKillReport) {
  const settling = ['ACKNOWLEDGED', 'ESCALATED', 'ACKNOWLEDGED ESCALATED'];
  const settled = settling.reduce((sum, way) => sum + (ways[way] ?? 0), 0);
  return {
    settled: settled >= raised && (ways['ACKNOWLEDGED'] ?? 0) > 0 && (ways['ESCALATED'] ?? 0) > 0,
    unsettled: Object.keys(ways).filter((way) => !settling.includes(way)),
    toldTwice,
    auditedTwice,
  };
}
