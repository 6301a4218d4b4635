export interface DroppedMonth {
  /** `2015-03`. */
  readonly month: string;
  readonly entries: number;
}

/** What an entry of retention says: `purpose` names the month, `record_count` how many entries it had. */
export function droppedMonth(
  action: string,
  writtenBy: string,
  purpose: string | null,
  count: number | null,
): DroppedMonth | null {
  if (action !== 'retention.month-dropped' || writtenBy !== 'sequencer') return null;
  const month = /^month\.(\d{4}-\d\d)$/.exec(purpose ?? '')?.[1];
  return month === undefined ? null : { month, entries: count ?? 0 };
}
