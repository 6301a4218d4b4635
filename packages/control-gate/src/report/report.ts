import type { Environment } from '../control.ts';
import type { Judgement } from '../judge.ts';
import type { Finding } from '../run-checks.ts';

/** What a report speaks of, in any of its forms. */
export interface Report {
  readonly system: string;
  /** Absent where checks ran without being judged. */
  readonly to?: Environment;
  readonly commit: string | null;
  /** When the first check began and the last ended, ISO 8601. */
  readonly began: string;
  readonly ended: string;
  readonly findings: readonly Finding[];
  readonly judgement?: Judgement;
}

export const countStates = (findings: readonly Finding[]): Record<'pass' | 'fail' | 'unknown', number> => ({
  pass: findings.filter(({ state }) => state === 'pass').length,
  fail: findings.filter(({ state }) => state === 'fail').length,
  unknown: findings.filter(({ state }) => state === 'unknown').length,
});

/** The next step of a finding: its own, else its control's. */
export const nextOf = ({ next, control }: Finding): string => next ?? control.next;
