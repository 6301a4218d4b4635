const LOCALE = 'en-GB';

function partsOfDate(isoDate: string): [number, number, number] | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(isoDate);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? [year, month, day] : null;
}

/** "1961-03-04" → "4 March 1961", whatever the time zone. Text that is no ISO date is returned as it is. */
export function formatDate(isoDate: string): string {
  const parts = partsOfDate(isoDate);
  if (parts === null) return isoDate;
  const [year, month, day] = parts;
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(Date.UTC(year, month - 1, day)),
  );
}

/** Whole years between an ISO date of birth and a day; null for a date that cannot be read or lies ahead. */
export function ageOn(isoDate: string, today: Date): number | null {
  const parts = partsOfDate(isoDate);
  if (parts === null) return null;
  const [year, month, day] = parts;
  const before =
    today.getMonth() + 1 < month || (today.getMonth() + 1 === month && today.getDate() < day) ? 1 : 0;
  const age = today.getFullYear() - year - before;
  return age >= 0 ? age : null;
}

/** An instant as "3 May 2026 at 14:02", in the browser's time zone unless one is given. */
export function formatInstant(isoInstant: string, timeZone?: string): string {
  const time = Date.parse(isoInstant);
  if (Number.isNaN(time)) return isoInstant;
  return new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(time);
}

/** An instant to the second, for the audit table: "03/05/2026, 14:02:11". */
export function formatExactInstant(isoInstant: string, timeZone?: string): string {
  const time = Date.parse(isoInstant);
  if (Number.isNaN(time)) return isoInstant;
  return new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(time);
}

/** Pence as "£120.50". */
export function formatPence(pence: number): string {
  return new Intl.NumberFormat(LOCALE, { style: 'currency', currency: 'GBP' }).format(pence / 100);
}

/** Bytes as people read them, in decimal units. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function formatCount(count: number, one: string, many: string): string {
  return `${new Intl.NumberFormat(LOCALE).format(count)} ${count === 1 ? one : many}`;
}

/** Seconds as "1 minute 5 seconds". */
export function formatCountdown(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  const parts = [
    minutes > 0 ? formatCount(minutes, 'minute', 'minutes') : '',
    rest > 0 || minutes === 0 ? formatCount(rest, 'second', 'seconds') : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Ten digits as "943 476 5919", the way NHS numbers are printed; other text is returned as it is. */
export function formatNhsNumber(value: string): string {
  const digits = value.replaceAll(/[ -]/g, '');
  return /^\d{10}$/.test(digits) ? `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}` : value;
}

/** Joins the halves of UK postcodes by a space that does not break, so that none is read as two lines of an address. */
export function keepPostcodes(address: string): string {
  return address.replaceAll(/\b([A-Z]{1,2}\d[A-Z\d]?) (\d[A-Z]{2})\b/gi, '$1\u{a0}$2');
}

/** Where a link dials a number as a clinic writes it (RFC 3966): the zero that only callers of the same country dial goes. */
export const telephoneAddress = (number: string): string =>
  `tel:${number.replace('(0)', '').replaceAll(/[^\d+]/g, '')}`;
