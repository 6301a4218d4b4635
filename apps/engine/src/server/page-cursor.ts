import { z } from 'zod';
import { EngineError } from '../error.ts';

/** The last row of a page, by which the next one begins: newest first, ties by id. */
export interface PagePlace {
  readonly at: string;
  readonly id: string;
}

/** Years that PostgreSQL knows: ISO 8601 has a year 0000, the database has none. */
export const isKnownYear = (time: string): boolean => !time.startsWith('0000');

const place = z.tuple([z.iso.datetime({ precision: 6 }).refine(isKnownYear), z.uuid()]);

/** Strict: a misspelt filter must not answer with everything. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).optional(),
});

/** Microseconds matter: rows of one batch differ in nothing else. */
export const placeColumn = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

function writeCursor(page: PagePlace): string {
  return Buffer.from(JSON.stringify([page.at, page.id])).toString('base64url');
}

/** @throws EngineError `cursor-invalid`. */
export function readCursor(cursor: string | undefined): PagePlace | null {
  if (cursor === undefined) return null;
  try {
    const [at, id] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { at, id };
  } catch (error) {
    throw new EngineError('cursor-invalid', { cause: error });
  }
}

/** One row more than asked for tells whether there is a next page. */
export function splitPage<Row extends { place: string; id: string }>(
  rows: readonly Row[],
  limit: number,
): { page: readonly Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    page,
    nextCursor:
      rows.length > limit && last !== undefined ? writeCursor({ at: last.place, id: last.id }) : null,
  };
}
