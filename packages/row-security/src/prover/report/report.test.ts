import { describe, expect, it } from 'vitest';
import type { Acceptance } from '../config.ts';
import type { Proof } from '../prove.ts';
import { renderJson } from './json.ts';
import { Record } from './outcome.ts';
import { renderSarif } from './sarif.ts';
import { exitCodeOf } from './summary.ts';
import { renderText } from './text.ts';

const acceptance: Acceptance = {
  channel: 'statistics.explain',
  reason: 'cannot be closed',
  expires: '2027-01-31',
};
const leak = {
  channel: 'rows.select',
  table: 'app.notes',
  as: 'app as member',
  sql: 'SELECT *\n  FROM app.notes',
  evidence: '4 rows',
  fix: 'ENABLE ROW LEVEL SECURITY',
};

function proofOf(fill: (record: Record) => void, today = '2026-06-01'): Proof {
  const record = new Record([acceptance], new Date(today));
  record.held('rows.select', 'app.replies', 3);
  fill(record);
  return { name: 'fixture', database: 'db', fingerprint: 'f'.repeat(64), live: null, record };
}

const leaks = (finding: typeof leak) => (record: Record) => {
  record.leaked(finding);
};
const isNotRun = (record: Record): void => {
  record.notRun('rows.planted', 'app.odd', 'no value');
};

describe('the exit code', () => {
  it.each([
    [0, 'nothing leaked', () => undefined],
    [1, 'something leaked', leaks(leak)],
    [2, 'something was not run', isNotRun],
    [
      1,
      'both',
      (record: Record) => {
        record.leaked(leak);
        record.notRun('rows.planted', 'app.odd', 'no value');
      },
    ],
    [0, 'an accepted channel is open', leaks({ ...leak, channel: 'statistics.explain' })],
  ] as const)('is %i when %s', (code, _name, fill) => {
    expect(exitCodeOf([proofOf(fill)])).toBe(code);
  });
});

describe('an acceptance', () => {
  const accepted = { ...leak, channel: 'statistics.explain' };
  it('is counted apart, with its reason', () => {
    const { record } = proofOf((each) => {
      each.leaked(accepted);
    });
    expect(record.attempts('leaked')).toEqual([]);
    expect(record.attempts('accepted')[0]?.evidence).toBe('cannot be closed (until 2027-01-31)');
  });

  it('holds through its day and is a leak on the next', () => {
    const fill = (record: Record): void => {
      record.leaked(accepted);
    };
    expect(exitCodeOf([proofOf(fill, '2027-01-31')])).toBe(0);
    const late = proofOf(fill, '2027-02-01');
    expect(exitCodeOf([late])).toBe(1);
    expect(late.record.attempts('leaked')[0]?.evidence).toContain('its acceptance ended on 2027-01-31');
  });

  it('covers no other channel', () => {
    const { record } = proofOf((each) => {
      each.leaked({ ...leak, channel: 'statistics.values' });
    });
    expect(record.attempts('leaked')).toHaveLength(1);
  });
});

describe('the reports', () => {
  const proof = proofOf((record) => {
    record.leaked(leak);
    record.leaked({ ...leak, channel: 'statistics.explain' });
    record.notRun('rows.planted', 'app.odd', 'nothing is known of its type');
  });

  it('say table, channel, who, SQL and fix as text', () => {
    const text = renderText([proof]);
    for (const part of [
      'app.notes  rows.select  as app as member',
      'SQL  SELECT * FROM app.notes',
      'fix  ENABLE',
    ])
      expect(text).toContain(part);
    expect(text).toContain('6 attacks and checks: 3 held, 1 leaked, 1 not run, 1 on accepted channels');
  });

  it('are JSON with the same counts', () => {
    const report = JSON.parse(renderJson([proof])) as {
      exitCode: number;
      totals: object;
      proofs: { leaks: object[] }[];
    };
    expect(report.exitCode).toBe(1);
    expect(report.totals).toEqual({ held: 3, leaked: 1, notRun: 1, accepted: 1, attacks: 6 });
    expect(report.proofs[0]?.leaks[0]).toMatchObject({
      table: 'app.notes',
      channel: 'rows.select',
      verdict: 'leaked',
    });
  });

  it('are SARIF 2.1.0 in which a leak is an error and an acceptance is suppressed', () => {
    const sarif = JSON.parse(renderSarif([proof])) as {
      version: string;
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: { level: string; ruleId: string; ruleIndex: number; suppressions?: object[] }[];
      }[];
    };
    expect(sarif.version).toBe('2.1.0');
    const { tool, results } = sarif.runs[0] as (typeof sarif.runs)[number];
    expect(results.map((result) => result.level)).toEqual(['error', 'warning', 'note']);
    expect(results[2]?.suppressions).toHaveLength(1);
    for (const result of results) expect(tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
  });
});
