import pg from 'pg';

/** `name` as an SQL identifier. */
export const identifier = (name: string): string => pg.escapeIdentifier(name);

/** `value` as an SQL literal; null as NULL. */
export const literal = (value: string | null): string => (value === null ? 'NULL' : pg.escapeLiteral(value));

/** The first line of an SQL text, short enough for a report. */
export function shorten(text: string, length = 400): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
