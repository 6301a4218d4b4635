import { describe, expect, it } from 'vitest';
import {
  environments,
  judge,
  priorities,
  readRiskAcceptances,
  type Environment,
  type Priority,
} from './index.ts';
import { control, finding } from './testing/controls.ts';

const now = new Date('2026-03-01T12:00:00Z');
const at = (to: Environment, more = {}) => ({
  to,
  patientData: to === 'production',
  acceptances: [],
  now,
  ...more,
});

const blocks: Readonly<Record<Priority, readonly Environment[]>> = {
  P0: ['development', 'staging', 'production'],
  P1: ['production'],
  P2: ['staging', 'production'],
  P3: [],
};

describe.each(priorities)('a %s control', (priority) => {
  it.each(environments)('that fails or is unknown blocks %s by the same rule', (to) => {
    for (const state of ['fail', 'unknown'] as const) {
      const { allowed, blocking, tracked } = judge([finding(state, { priority })], at(to));
      expect(allowed).toBe(!blocks[priority].includes(to));
      expect(blocking.length + tracked.length).toBe(1);
    }
    expect(judge([finding('pass', { priority })], at(to)).allowed).toBe(true);
  });
});

it('binds a P0 of real patients’ data in production, and wherever such data is declared', () => {
  const agreements = finding('fail', { priority: 'P0', onlyWithPatientData: true });
  expect(judge([agreements], at('development')).allowed).toBe(true);
  expect(judge([agreements], at('staging')).allowed).toBe(true);
  expect(judge([agreements], at('staging', { patientData: true })).allowed).toBe(false);
  expect(judge([agreements], at('production', { patientData: false })).allowed).toBe(false);
});

it('lets nothing through where nothing was asked', () => {
  expect(judge([], at('development')).allowed).toBe(false);
});

describe('a risk acceptance', () => {
  const heading = '| Control | Owner | Reason | Due | Expires |\n|---|---|---|---|---|\n';
  const controls = [control({ id: 'CH-7.1', priority: 'P2' }), control({ id: 'SEC-001', priority: 'P0' })];
  const read = (rows: string) => readRiskAcceptances('r.md', heading + rows, controls);
  const open = finding('fail', { id: 'CH-7.1', priority: 'P2' });

  it.each([
    ['with its dates ahead', '2026-04-01', '2026-05-01', true],
    ['whose day of mending is past', '2026-02-28', '2026-05-01', false],
    ['that has ended', '2026-04-01', '2026-02-28', false],
  ])('%s lets a P2 to staging or not', (_name, due, expires, allowed) => {
    const acceptances = read(
      `| CH-7.1 | privacy officer | retention jobs come in spring | ${due} | ${expires} |\n`,
    );
    expect(judge([open], at('staging', { acceptances })).allowed).toBe(allowed);
    expect(judge([open], at('production', { acceptances })).allowed).toBe(false);
  });

  it.each([
    ['P0', '| SEC-001 | me | we are in a hurry | 2026-04-01 | 2026-05-01 |', 'SEC-001 is P0, which nobody can accept'],
    ['a control that there is not', '| CH-9.9 | me | we are in a hurry | 2026-04-01 | 2026-05-01 |', 'there is no control "CH-9.9"'],
    ['nobody', '| CH-7.1 | | we are in a hurry | 2026-04-01 | 2026-05-01 |', 'nobody owns it'],
    ['a day that there is not', '| CH-7.1 | me | we are in a hurry | 2026-02-30 | 2026-05-01 |', '"due" is no day'],
  ])('of %s is an error with its line', (_name, row, what) => {
    expect(() => read(`${row}\n`)).toThrow(
      expect.objectContaining({ code: 'register-malformed', detail: expect.stringContaining(`r.md:3: ${what}`) as string }),
    );
  }); // prettier-ignore
});
