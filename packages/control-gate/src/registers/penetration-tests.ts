import { daysBetween, isDay, toDay } from './calendar.ts';
import { readTable, refuseFaults, type RegisterFault } from './read-table.ts';

export const testScopes = ['api endpoints', 'tenant isolation', 'ocr'] as const;

export interface PenetrationTest {
  readonly line: number;
  readonly firm: string;
  readonly scope: readonly string[];
  readonly date: string;
  /** Findings that are not mended yet, by severity. */
  readonly open: Readonly<Record<'critical' | 'high' | 'medium' | 'low', number>>;
  /** SHA-256 of the report. */
  readonly reportHash: string;
}

const severities = ['critical', 'high', 'medium', 'low'] as const;
const columns = ['firm', 'scope', 'date', ...severities.map((each) => `${each} open`), 'report hash'];
/** A test older than this says little of what runs today. */
const oldestDays = 365;
/** What a test finds must be mended before patients come. */
export const leastDaysBeforeLaunch = 14;

/**
 * Reads `compliance/penetration-tests.md`. No rows: no test was made.
 * @throws ControlGateError `register-malformed`, naming the lines
 */
export function readPenetrationTests(file: string, text: string): PenetrationTest[] {
  const faults: RegisterFault[] = [];
  const rows = readTable(file, text, columns).map(({ line, cells }): PenetrationTest => {
    const fault = (what: string): number => faults.push({ line, what });
    const scope = (cells['scope'] ?? '').split(',').map((each) => each.trim().toLowerCase());
    for (const each of scope)
      if (!testScopes.some((known) => known === each)) fault(`the scope "${each}" is not known`);
    const count = (name: string): number => {
      const cell = cells[`${name} open`] ?? '';
      if (!/^\d{1,4}$/.test(cell)) fault(`"${name} open" is no number`);
      return Number(cell);
    };
    const [critical, high, medium, low] = severities.map(count);
    const row = {
      line,
      firm: cells['firm'] ?? '',
      scope,
      date: cells['date'] ?? '',
      open: { critical: critical ?? 0, high: high ?? 0, medium: medium ?? 0, low: low ?? 0 },
      reportHash: cells['report hash'] ?? '',
    };
    if (row.firm === '') fault('the row names no firm');
    if (!isDay(row.date)) fault('"date" is no day such as 2026-01-31');
    if (!/^[0-9a-f]{64}$/.test(row.reportHash)) fault('"report hash" is no SHA-256 in hexadecimal');
    return row;
  });
  refuseFaults(file, faults);
  return rows;
}

/** What is missing before a launch, in words; nothing where every scope was tested lately and no critical finding is open. */
export function listTestGaps(tests: readonly PenetrationTest[], launch: string | null, now: Date): string[] {
  const today = toDay(now);
  const lately = tests.filter(({ date }) => date <= today && daysBetween(date, today) <= oldestDays);
  const gaps = testScopes
    .filter((scope) => !lately.some((test) => test.scope.includes(scope)))
    .map((scope) => `nobody has tested ${scope} within a year`);
  for (const { firm, date, open } of tests)
    if (open.critical > 0) gaps.push(`${open.critical} critical findings of ${firm} (${date}) are open`);
  if (launch === null)
    gaps.push('no day of launch is declared, so nobody can say that the test came two weeks before it');
  else if (
    lately.length > 0 &&
    !lately.some(({ date }) => daysBetween(date, launch) >= leastDaysBeforeLaunch)
  )
    gaps.push(`no test was made ${leastDaysBeforeLaunch} days before the launch on ${launch}`);
  return gaps;
}
