import type { Proof } from '../prove.ts';
import type { Attempt } from './outcome.ts';
import { exitCodeOf, totalsOf } from './summary.ts';

const number = (value: number): string => value.toLocaleString('en-GB');

/** The report for a terminal: each store's counts by table and by channel, then everything that is open. */
export function renderText(proofs: readonly Proof[]): string {
  const totals = totalsOf(proofs);
  const verdict = {
    0: 'clean: no attack crossed a wall',
    1: `LEAKS: ${number(totals.leaked)} attacks came through`,
    2: 'NOT PROVEN: some attacks could not be run',
  }[exitCodeOf(proofs)];
  return [
    ...proofs.flatMap((proof) => renderProof(proof)),
    `${number(totals.attacks)} attacks and checks: ${number(totals.held)} held, ${number(totals.leaked)} leaked, ` +
      `${number(totals.notRun)} not run, ${number(totals.accepted)} on accepted channels`,
    verdict,
    '',
  ].join('\n');
}

function renderProof(proof: Proof): string[] {
  const { record } = proof;
  const where =
    proof.live === null ? 'attacked on scratch' : `gates on ${proof.live}, attacked on an equal scratch`;
  return [
    `${proof.name}  ${where}, catalog ${proof.fingerprint.slice(0, 16)}`,
    '',
    ...renderCounts('table', sumBy(proof, 'table')),
    '',
    ...renderCounts('channel', sumBy(proof, 'channel')),
    '',
    ...renderAttempts('Leaks', record.attempts('leaked')),
    ...renderAttempts('Not run, so not proven', record.attempts('not-run')),
    ...renderAttempts('Accepted, each until its day', record.attempts('accepted'), true),
  ];
}

type Sums = Map<string, [held: number, leaked: number, notRun: number, accepted: number]>;

function sumBy({ record }: Proof, by: 'table' | 'channel'): Sums {
  const sums: Sums = new Map();
  for (const count of record.counts()) {
    const { held, leaked, notRun, accepted } = count.tally;
    const [a, b, c, d] = sums.get(count[by]) ?? [0, 0, 0, 0];
    sums.set(count[by], [a + held, b + leaked, c + notRun, d + accepted]);
  }
  return new Map([...sums].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function renderCounts(title: string, sums: Sums): string[] {
  const width = Math.max(title.length, ...[...sums.keys()].map((name) => name.length));
  const cell = (text: string): string => text.padStart(9);
  const zero = (value: number): string => cell(value === 0 ? '·' : number(value));
  return [
    `  ${title.padEnd(width)}${['held', 'leaked', 'not run', 'accepted'].map(cell).join('')}`,
    ...[...sums].map(([name, values]) => `  ${name.padEnd(width)}${values.map(zero).join('')}`),
  ];
}

function renderAttempts(title: string, attempts: readonly Attempt[], brief = false): string[] {
  if (attempts.length === 0) return [];
  const one = (attempt: Attempt): string[] => [
    `  ${attempt.table}  ${attempt.channel}${attempt.as === '' ? '' : `  as ${attempt.as}`}`,
    ...(attempt.evidence === undefined ? [] : [`    ${attempt.evidence}`]),
    ...(attempt.sql === '' || brief ? [] : [`    SQL  ${attempt.sql}`]),
    ...(attempt.fix === undefined || brief ? [] : [`    fix  ${attempt.fix}`]),
  ];
  if (!brief) return [title, ...attempts.flatMap(one), ''];
  // One line for each channel: the tables that share an acceptance share its reason.
  const byReason = Map.groupBy(attempts, (attempt) => `${attempt.channel}\n${attempt.evidence ?? ''}`);
  return [
    title,
    ...[...byReason].flatMap(([name, group]) => {
      const [channel = '', reason = ''] = name.split('\n');
      const tables = [...new Set(group.map((attempt) => attempt.table))];
      return [
        `  ${channel}  ${tables.length === 1 ? (tables[0] ?? '') : `${tables.length} tables`}`,
        `    ${reason}`,
      ];
    }),
    '',
  ];
}
