import { describe, expect, it } from 'vitest';
import { sarifLog } from '../../../../../testing/sarif-log.ts';
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
    const [run] = sarifLog.parse(JSON.parse(renderSarif([proof]))).runs;
    expect(run?.results.map((result) => result.level)).toEqual(['error', 'warning', 'note']);
    expect(run?.results.map((result) => result.ruleId)).toEqual([
      'rows.select',
      'rows.planted',
      'statistics.explain',
    ]);
    expect(run?.results.map((result) => result.suppressions?.length ?? 0)).toEqual([0, 0, 1]);
    expect(run?.results[0]?.locations[0]?.logicalLocations?.[0]?.fullyQualifiedName).toBe(
      'fixture/app.notes',
    );
  });

  it.each([
    ['another version', (log: SarifText) => ({ ...log, version: '2.0.0' })],
    ['a result without a message', (log: SarifText) => changeResult(log, { message: {} })],
    ['a level of its own', (log: SarifText) => changeResult(log, { level: 'fatal' })],
    ['a rule that is another', (log: SarifText) => changeResult(log, { ruleIndex: 1 })],
    ['a property that the standard does not know', (log: SarifText) => changeResult(log, { sql: 'SELECT' })],
  ])('are held to the standard: %s is no SARIF', (_name, change) => {
    const log = JSON.parse(renderSarif([proof])) as SarifText;
    expect(sarifLog.safeParse(change(log)).success).toBe(false);
  });

  it('are SARIF when nothing was found', () => {
    expect(sarifLog.parse(JSON.parse(renderSarif([proofOf(() => undefined)]))).runs[0]?.results).toEqual([]);
  });
});

interface SarifText {
  readonly runs: readonly { readonly results: readonly object[] }[];
}

function changeResult(log: SarifText, change: object): SarifText {
  return {
    ...log,
    runs: log.runs.map((run) => ({ ...run, results: run.results.map((each) => ({ ...each, ...change })) })),
  };
}
