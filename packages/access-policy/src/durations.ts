// Calendar durations of ISO 8601-1:2019, 5.5.2.2, without times of day: years, months, weeks, days in that order.
// eslint-disable-next-line security/detect-unsafe-regex -- every repetition is bounded and none is nested
export const ISO_DURATION = /^P(?=\d)(?:\d{1,3}Y)?(?:\d{1,4}M)?(?:\d{1,4}W)?(?:\d{1,5}D)?$/;
export const RETENTION_DURATION =
  // eslint-disable-next-line security/detect-unsafe-regex -- every repetition is bounded and none is nested
  /^(?:UNTIL_ACCOUNT_CLOSURE|P(?=\d)(?:\d{1,3}Y)?(?:\d{1,4}M)?(?:\d{1,4}W)?(?:\d{1,5}D)?(?:_AFTER_CLOSURE)?)$/;

export interface RetentionDuration {
  /** `anchor`: counts from the policy's anchor; `closure`: from the closing of the account. */
  readonly from: 'anchor' | 'closure';
  readonly years: number;
  readonly months: number;
  readonly days: number;
}

// eslint-disable-next-line security/detect-unsafe-regex -- every repetition is bounded and none is nested
const PARTS = /^P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?/;

/** Reads a duration of a retention policy; null for text that is none. Weeks come back as days. */
export function parseRetentionDuration(text: string): RetentionDuration | null {
  if (!RETENTION_DURATION.test(text)) return null;
  const [, years = '0', months = '0', weeks = '0', days = '0'] = PARTS.exec(text) ?? [];
  return {
    from: text.endsWith('_CLOSURE') ? 'closure' : 'anchor',
    years: Number(years),
    months: Number(months),
    days: Number(weeks) * 7 + Number(days),
  };
}

/** Mean length in days (Gregorian year of 365.2425 days): for comparing two durations, never for a due date. */
export function approximateDays(duration: RetentionDuration): number {
  return (duration.years + duration.months / 12) * 365.2425 + duration.days;
}
