import { expect, it } from 'vitest';
import { runAlertKills, settledOnce } from './alert-kills.ts';

it('loses no alert of 10,000 and settles none twice while the engine is killed at random', async () => {
  const report = await runAlertKills(10_000);
  expect(report.kills).toBeGreaterThan(20);
  expect(settledOnce(report)).toEqual({ settled: true, unsettled: [], toldTwice: [], auditedTwice: 0 });
}, 3_600_000);
