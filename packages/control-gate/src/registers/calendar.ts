const form = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is a day that the calendar has: 2026-02-30 is none. */
export function isDay(text: string): boolean {
  if (!form.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

export const toDay = (at: Date): string => at.toISOString().slice(0, 10);

/** Whole days from one day to another, both `YYYY-MM-DD`; negative where the second is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
