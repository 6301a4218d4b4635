const DAY = /^\d{4}-\d{2}-\d{2}$/;

function isoDay(date: Date): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** The day that an address names, as an ISO date; today where it names none that can be read. */
export function readDay(search: string, now: Date): string {
  const asked = new URLSearchParams(search).get('day') ?? '';
  return DAY.test(asked) && isoDay(new Date(`${asked}T12:00:00`)) === asked ? asked : isoDay(now);
}

/** So many days later, by the calendar. */
export function shiftDay(day: string, days: number): string {
  const date = new Date(`${day}T12:00:00`);
  date.setDate(date.getDate() + days);
  return isoDay(date);
}

/** A day of this time zone as an interval of instants, its end left out: a day on which clocks change is shorter or longer. */
export function intervalOf(day: string): { readonly from: string; readonly to: string } {
  return {
    from: new Date(`${day}T00:00:00`).toISOString(),
    to: new Date(`${shiftDay(day, 1)}T00:00:00`).toISOString(),
  };
}

/** "Sunday 22 November 2026". */
export function sayDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
    .format(new Date(`${day}T12:00:00`))
    .replace(',', '');
}

/** "09:30". */
export function sayTime(isoInstant: string): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(
    Date.parse(isoInstant),
  );
}
