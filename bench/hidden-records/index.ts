import { randomInt, randomUUID } from 'node:crypto';
import { cloneDatabases } from '@cordon/stores/testing';
import { createRateLimit } from '@cordon/web-guard';
import { runEngineOn, type TestEngine } from '../../testing/engine/run-engine-on.ts';
import type { BenchRow } from '../row.ts';
import { startOwnCluster } from '../../testing/start-cluster.ts';

/** Records that a clinician of the first clinic must not learn of. */
const hidden = [
  ['another clinic', 'Yusuf Yorkson'],
  ['another tenant', 'Rita Riverson'],
] as const;

/**
 * Whether time tells an id that is hidden from one that never was. Of pairs of answers, one of each, drawn at random: in how many
 * the hidden one took longer. Half is a coin's share (the area under the curve of the best test by time); the shares of
 * two samples that differ by chance alone stay within 0.5 ± 0.02 at 2,000 requests each (1.96 / √(6 n)).
 */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const times = options.quick === true ? 300 : 2_000;
  const cluster = await startOwnCluster();
  try {
    const engine = await runEngineOn(await cloneDatabases(cluster.info), undefined, {
      rateLimit: createRateLimit({ store: { take: () => ({ allowed: true }) } }),
    });
    try {
      const rows: BenchRow[] = [];
      for (const [where, owner] of hidden) rows.push(await compare(engine, where, owner, times));
      return rows;
    } finally {
      await engine.close();
    }
  } finally {
    await cluster.stop();
  }
}

async function compare(engine: TestEngine, where: string, owner: string, times: number): Promise<BenchRow> {
  const token = await engine.token(engine.account('clinician'));
  const ask = async (patientId: string): Promise<number> => {
    const start = performance.now();
    const answer = await fetch(`${engine.running.url}/v1/patients/${patientId}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await answer.arrayBuffer();
    if (answer.status !== 404) throw new Error(`answered ${answer.status}`);
    return performance.now() - start;
  };
  const hiddenId = engine.account(owner).patientRecordId ?? '';
  for (let turn = 0; turn < 50; turn += 1) await ask(randomUUID());
  const took: { hidden: number[]; never: number[] } = { hidden: [], never: [] };
  for (let turn = 0; turn < times; turn += 1) {
    // Which comes first is drawn each time, so that a busy machine weighs on both.
    const order = randomInt(2) === 0 ? (['hidden', 'never'] as const) : (['never', 'hidden'] as const);
    for (const each of order) took[each].push(await ask(each === 'hidden' ? hiddenId : randomUUID()));
  }
  const share = shareLonger(took.hidden, took.never);
  return {
    name: `a patient of ${where} takes longer to be denied than one that never was`,
    value: share,
    unit: 'share of pairs',
    baseline: `a coin, 0.5; medians ${median(took.hidden).toFixed(2)} and ${median(took.never).toFixed(2)} ms`,
    ratio: share / 0.5,
  };
}

/** Mann and Whitney's U as a share; equal times count half. */
function shareLonger(left: readonly number[], right: readonly number[]): number {
  let longer = 0;
  for (const a of left) for (const b of right) longer += a > b ? 1 : a === b ? 0.5 : 0;
  return longer / (left.length * right.length);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
