/** The form that entries have: `2026-01-01T00:00:00.000000Z`. */
const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const perSecond = 1_000_000;
/** The first and the last microsecond whose year has four digits, as the form asks. */
const earliest = Date.parse('0001-01-01T00:00:00Z') * 1000;
const latest = Date.parse('9999-12-31T23:59:59Z') * 1000 + perSecond - 1;

/** Entries come by the thousand a second: the text of one second serves them all. */
let lastSecond = NaN;
let lastText = '';

/** The form that entries have: UTC with microseconds. @param micros since 1970, as `isTime` accepts them */
export function formatTime(micros: number): string {
  const second = Math.floor(micros / perSecond);
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, 19);
    lastSecond = second;
  }
  return `${lastText}.${String(micros - second * perSecond).padStart(6, '0')}Z`;
}

export function isTime(micros: number): boolean {
  return micros >= earliest && micros <= latest;
}

/** Microseconds since 1970; NaN for what `formatTime` would not have written. */
export function parseTime(text: string): number {
  if (!form.test(text)) return NaN;
  const micros = Date.parse(`${text.slice(0, 19)}Z`) * 1000 + Number(text.slice(20, 26));
  return isTime(micros) && formatTime(micros) === text ? micros : NaN;
}
