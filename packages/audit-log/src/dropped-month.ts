import type { LoggedEntry } from './entry.ts';

export interface DroppedMonth {
  /** `2015-03`. */
  readonly month: string;
  readonly entries: number;
  readonly step: 'announced' | 'dropped' | 'withdrawn';
  readonly at: string;
}

const steps: Readonly<Record<string, DroppedMonth['step']>> = {
  intent: 'announced',
  success: 'dropped',
  failure: 'withdrawn',
};

type Said = Pick<LoggedEntry, 'action' | 'written_by' | 'purpose' | 'record_count' | 'outcome' | 'at'>;

/** What an entry of retention says: `purpose` names the month, `record_count` how many entries it had. */
export function droppedMonth(entry: Said): DroppedMonth | null {
  if (entry.action !== 'retention.month-dropped' || entry.written_by !== 'sequencer') return null;
  const month = /^month\.(\d{4}-\d\d)$/.exec(entry.purpose ?? '')?.[1];
  const step = steps[entry.outcome];
  return month === undefined || step === undefined
    ? null
    : { month, entries: entry.record_count ?? 0, step, at: entry.at };
}
