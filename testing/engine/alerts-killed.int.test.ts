import { expect, it } from 'vitest';
import { runAlertKills, settledOnce } from './alert-kills.ts';

it('loses no alert of a hundred and settles none twice while the engine is killed at random', async () => {
  const report = await runAlertKills(100);
  expect(report.kills).toBeGreaterThan(0);
  expect(settledOnce(report)).toEqual({ settled: true, unsettled: [], toldTwice: [], auditedTwice: 0 });
}, 600_000);
