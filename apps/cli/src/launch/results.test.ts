import { describe, expect, it } from 'vitest';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}
interface Results {
  countResults: (report: string | undefined, code: number) => Counts;
  renderCounts: (counts: Counts) => string;
}

// The launcher is plain JavaScript without types: it must run before anything is installed.
const steps = new URL('../../../../launch/steps/vitest.mjs', import.meta.url).href;
// eslint-disable-next-line no-unsanitized/method -- the address is a file of this repository, written down one line above
const { countResults, renderCounts } = (await import(steps)) as Results;

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});
const report = (...files: object[]): string => JSON.stringify({ testResults: files });

describe('the last line of the tests', () => {
  it('counts tests over all files', () => {
    const counts = countResults(
      report(file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed')),
      1,
    );
    expect(renderCounts(counts)).toBe('3 passed, 1 failed');
  });

  it('counts a file that fails outside of its tests: an import, a hook, a leaked connection', () => {
    expect(renderCounts(countResults(report(file('failed', 'passed'), file('failed')), 1))).toBe(
      '1 passed, 2 failed',
    );
  });

  it('counts a run that fails outside of its files', () => {
    expect(renderCounts(countResults(report(file('passed', 'passed')), 1))).toBe('1 passed, 1 failed');
    expect(renderCounts(countResults(undefined, 1))).toBe('0 passed, 1 failed');
  });

  it('tells of tests that were left out on a line before the last', () => {
    expect(renderCounts(countResults(report(file('passed', 'passed', 'pending', 'todo')), 0))).toBe(
      '2 skipped\n1 passed, 0 failed',
    );
  });
});
