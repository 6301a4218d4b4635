import { setTimeout as sleep } from 'node:timers/promises';
import { cloneDatabases } from '@cordon/stores/testing';
import { createRateLimit } from '@cordon/web-guard';
import { openAlertStream } from '../../testing/engine/alert-console.ts';
import { runEngineOn } from '../../testing/engine/run-engine-on.ts';
import type { BenchRow } from '../row.ts';
import { startOwnCluster } from '../../testing/start-cluster.ts';

const perSecond = 50;

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

/**
 * From the moment a desk sends an alert to the moment a clinician's live view has it, at 50 alerts a second, held against the
 * time until the desk itself has its answer.
 */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const count = perSecond * (options.quick === true ? 5 : 30);
  const cluster = await startOwnCluster();
  const engine = await runEngineOn(await cloneDatabases(cluster.info), undefined, {
    rateLimit: createRateLimit({ store: { take: () => ({ allowed: true }) } }),
  });
  try {
    const patient = engine.account('Petra Patientson');
    const view = await openAlertStream(engine, engine.account('clinician'));
    const authorization = `Bearer ${await engine.token(engine.account('receptionist'))}`;
    const answered: number[] = [];
    const shown: number[] = [];
    const raise = async (message: string): Promise<void> => {
      const start = performance.now();
      const seen = view.next((each) => each.message === message).then(() => shown.push(performance.now() - start));
      const answer = await fetch(`${engine.running.url}/v1/alerts`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ clinicId: patient.clinicIds[0], patientId: patient.patientRecordId, urgency: 'urgent', message }),
      });
      await answer.text();
      answered.push(performance.now() - start);
      await seen;
    }; // prettier-ignore
    const under: Promise<void>[] = [];
    const begun = performance.now();
    for (let each = 0; each < count; each += 1) {
      under.push(raise(`Alert ${each}`));
      await sleep(Math.max(0, begun + ((each + 1) * 1_000) / perSecond - performance.now()));
    }
    await Promise.all(under);
    view.close();
    answered.sort((a, b) => a - b);
    shown.sort((a, b) => a - b);
    return [0.5, 0.99].map((share) => ({
      name: `alert at ${perSecond}/s, sent to shown, ${share === 0.5 ? 'median' : '99th percentile'}`,
      value: at(shown, share),
      unit: 'ms',
      baseline: `sent to answered: ${at(answered, share).toFixed(1)} ms`,
      ratio: at(shown, share) / at(answered, share),
    }));
  } finally {
    await engine.close();
    await cluster.stop();
  }
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
