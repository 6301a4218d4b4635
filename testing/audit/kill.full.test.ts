import { expect, it } from 'vitest';
import { runKillRounds } from './kill-rounds.ts';

it('holds through 200 kills', async () => {
  const report = await runKillRounds(200);
  expect(Object.values(report.kills).reduce((sum, each) => sum + each, 0)).toBe(200);
  expect(report.withoutEntry).toEqual([]);
  expect(report.distinctEntries).toBe(report.entries);
  expect(report.verified).toMatchObject({ entries: report.entries, findings: [] });
}, 1_800_000);
