import type { Access } from '../api/types.ts';

export interface AccessDay {
  /** "Saturday 22 November 2026". */
  readonly day: string;
  readonly accesses: readonly Access[];
}

/** The accesses under the days on which they were, both in the order given. `timeZone`: the browser's, unless one is named. */
export function groupByDay(accesses: readonly Access[], timeZone?: string): readonly AccessDay[] {
  const say = new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  const days: { day: string; accesses: Access[] }[] = [];
  for (const access of accesses) {
    const day = say.format(Date.parse(access.at)).replace(',', '');
    const last = days.at(-1);
    if (last?.day === day) last.accesses.push(access);
    else days.push({ day, accesses: [access] });
  }
  return days;
}

/** "14:02". */
export function sayTime(isoInstant: string, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(Date.parse(isoInstant));
}
