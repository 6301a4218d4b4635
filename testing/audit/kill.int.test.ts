import { expect, it } from 'vitest';
import { runKillRounds } from './kill-rounds.ts';

it('loses no entry, writes none twice and keeps one tree while processes are killed under load', async () => {
  const report = await runKillRounds(6);
  expect(report.kills).toEqual({ engine: 2, sequencer: 2, server: 1, backend: 1 });
  expect(report.answered.length).toBeGreaterThan(20);
  expect(report.withoutEntry).toEqual([]);
  expect(report.distinctEntries).toBe(report.entries);
  expect(report.verified).toMatchObject({ entries: report.entries, findings: [] });
}, 900_000);
