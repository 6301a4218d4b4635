import { expect, it } from 'vitest';
import { runIntakeKills } from './intake-kills.ts';

it('leaves no unscrubbed number in a store, an object, a folder or the log, and no half intake, killed 100 times', async () => {
  const report = await runIntakeKills(100);
  expect(report.underWay).toBeGreaterThan(25);
  expect(report.found).toEqual([]);
  expect(report.foundWhenPlanted).toEqual([
    'clinical: clinical.clinics.slug',
    expect.stringMatching(/temp.page$/),
  ]);
  expect(report).toMatchObject({ kills: 100, halves: 0 });
  expect(report.orphans[1]).toBe(0);
}, 3_600_000);
