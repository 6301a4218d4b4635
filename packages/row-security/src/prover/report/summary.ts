import type { Proof } from '../prove.ts';
import type { Tally } from './outcome.ts';

export interface Totals extends Tally {
  readonly attacks: number;
}

export function totalsOf(proofs: readonly Proof[]): Totals {
  const tallies = proofs.flatMap((proof) => proof.record.counts().map(({ tally }) => tally));
  const sum = (name: keyof Tally): number => tallies.reduce((total, tally) => total + tally[name], 0);
  const [held, leaked, notRun, accepted] = [sum('held'), sum('leaked'), sum('notRun'), sum('accepted')];
  return { held, leaked, notRun, accepted, attacks: held + leaked + notRun + accepted };
}

/** 0: nothing leaked and everything ran. 1: a leak. 2: no leak, and something could not be run. */
export function exitCodeOf(proofs: readonly Proof[]): 0 | 1 | 2 {
  const { leaked, notRun } = totalsOf(proofs);
  if (leaked > 0) return 1;
  return notRun > 0 ? 2 : 0;
}
