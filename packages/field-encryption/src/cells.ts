import type { QueryResult, QueryResultRow } from 'pg';
import { FieldEncryptionError } from './error.ts';
import { placeDigest, placeLength, type CellPlace } from './place.ts';

/** Any connection to a database that has the functions of sql/0001_ciphertext.sql; a pg Pool or Client is one. */
export interface CipherDatabase {
  query<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<QueryResult<Row>>;
}

export interface PlainCell {
  readonly place: CellPlace;
  readonly plaintext: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

export interface CipherCell {
  readonly place: CellPlace;
  readonly ciphertext: Buffer;
  readonly key: Buffer;
}

export type OpenedCell =
  | { readonly ok: true; readonly plaintext: string }
  /** `damaged`: it does not decrypt under this key. `misplaced`: it does, but was written for another place. */
  | { readonly ok: false; readonly code: 'damaged' | 'misplaced' };

/** UTF-8 bytes of one cell; the column type allows 4 MiB of ciphertext. */
const largestCell = 1024 * 1024;

function keyText(key: Buffer): string {
  if (key.length !== 32)
    throw new FieldEncryptionError('key-malformed', 'The record cannot be opened at the moment.', {
      detail: 'a data key must have 32 bytes',
    });
  return key.toString('base64');
}

/**
 * Encrypts cells with pgcrypto, in one round trip, in order. Keys and texts travel as bind values.
 * @throws FieldEncryptionError `cell-too-large` past 1 MiB, `key-malformed`.
 */
export async function encryptCells(db: CipherDatabase, cells: readonly PlainCell[]): Promise<Buffer[]> {
  if (cells.length === 0) return [];
  const bodies = cells.map((cell) => {
    const text = Buffer.from(cell.plaintext, 'utf8');
    if (text.length > largestCell)
      throw new FieldEncryptionError('cell-too-large', 'A text is too long to be stored. Shorten it.', {
        detail: `${cell.place.table}.${cell.place.column}`,
      });
    return Buffer.concat([placeDigest(cell.place), text]);
  });
  const { rows } = await db.query<{ cell: Buffer }>(
    `SELECT cordon.seal_cell(c.body, c.key) AS cell
     FROM unnest($1::bytea[], $2::text[]) WITH ORDINALITY AS c (body, key, n) ORDER BY c.n`,
    [bodies, cells.map((cell) => keyText(cell.key))],
  );
  return rows.map((row) => row.cell);
}

function openBody(body: Buffer | null, place: Buffer): OpenedCell {
  if (body === null || body.length < placeLength) return { ok: false, code: 'damaged' };
  // Not a secret: who knows the ids knows the digest, so the time that the comparison takes tells nothing.
  if (body.compare(place, 0, placeLength, 0, placeLength) !== 0) return { ok: false, code: 'misplaced' };
  return { ok: true, plaintext: body.toString('utf8', placeLength) };
}

export interface DecryptOptions {
  /**
   * The connection is inside a transaction, which the first failure would end: each cell is opened in a block of its own. On a
   * connection whose statements stand alone that is only needed once one has failed.
   */
  readonly inTransaction?: boolean;
}

/** What one statement carries at the most: others wait behind it on its connection, and its answer is held in memory. */
const mostBytes = 8 * 1024 * 1024;
const mostCells = 1_000;
/** Concurrent statements of one call, where they do not share a transaction: a pool runs them in parallel. */
const mostUnderWay = 3;

/**
 * Decrypts cells with pgcrypto, in one round trip up to 1,000 when all are sound, in order. A damaged cell spoils itself alone: then
 * its statement is sent again, opening cell by cell inside the database.
 * @throws whatever the connection throws, and FieldEncryptionError `key-malformed`.
 */
export async function decryptCells(
  db: CipherDatabase,
  cells: readonly CipherCell[],
  { inTransaction = false }: DecryptOptions = {},
): Promise<OpenedCell[]> {
  const batches = splitBatches(cells);
  const opened: OpenedCell[][] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < batches.length; index = next++)
      opened[index] = await decryptBatch(db, batches[index] ?? [], inTransaction);
  };
  const lines = inTransaction ? 1 : Math.min(mostUnderWay, batches.length);
  await Promise.all(Array.from({ length: lines }, work));
  return opened.flat();
}

function splitBatches(cells: readonly CipherCell[]): (readonly CipherCell[])[] {
  const batches: (readonly CipherCell[])[] = [];
  for (let from = 0; from < cells.length;) {
    let bytes = 0;
    let to = from;
    while (to < cells.length && to - from < mostCells && (to === from || bytes < mostBytes)) {
      bytes += cells[to]?.ciphertext.length ?? 0;
      to += 1;
    }
    batches.push(cells.slice(from, to));
    from = to;
  }
  return batches;
}

/**
 * Cells travel side by side in one value each way, and each key once: as arrays of values the driver's and the server's
 * conversions cost more than the decryption. OFFSET 0 keeps the planner from writing the call wherever its answer is used, which would
 * decrypt twice.
 */
const openingStatement = (
  open:
    | 'pgcrypto.pgp_sym_decrypt_bytea(c.cell::cordon.ciphertext, c.key)'
    | 'cordon.try_open_cell(c.cell, c.key)',
): string =>
  `SELECT string_agg(coalesce(int4send(length(o.body)) || o.body, int4send(-1)), '' ORDER BY o.n) AS bodies
   FROM (SELECT c.n, ${open} AS body
     FROM (SELECT u.n, ($5::text[])[u.key] AS key, substring($1::bytea FROM u.at FOR u.size) AS cell
       FROM unnest($2::integer[], $3::integer[], $4::integer[]) WITH ORDINALITY AS u (at, size, key, n)) AS c
     OFFSET 0) AS o`;
const openAll = openingStatement('pgcrypto.pgp_sym_decrypt_bytea(c.cell::cordon.ciphertext, c.key)');
const openEach = openingStatement('cordon.try_open_cell(c.cell, c.key)');

async function decryptBatch(
  db: CipherDatabase,
  cells: readonly CipherCell[],
  inTransaction: boolean,
): Promise<OpenedCell[]> {
  const keys = new Map<Buffer, number>();
  const starts: number[] = [];
  let bytes = 0;
  for (const { key, ciphertext } of cells) {
    if (!keys.has(key)) keys.set(key, keys.size + 1);
    starts.push(bytes + 1);
    bytes += ciphertext.length;
  }
  const values = [
    Buffer.concat(cells.map((cell) => cell.ciphertext)),
    integers(starts),
    integers(cells.map((cell) => cell.ciphertext.length)),
    integers(cells.map((cell) => keys.get(cell.key) ?? 0)),
    [...keys.keys()].map(keyText),
  ];
  const answer = inTransaction
    ? db.query<{ bodies: Buffer }>(openEach, values)
    : db.query<{ bodies: Buffer }>(openAll, values).catch((error: unknown) => {
        if (!isCipherFailure(error)) throw error;
        return db.query<{ bodies: Buffer }>(openEach, values);
      });
  // Made while the database works.
  const places = cells.map((cell) => placeDigest(cell.place));
  const { rows } = await answer;
  const bodies = splitBodies(rows[0]?.bodies ?? Buffer.alloc(0));
  return places.map((place, index) => openBody(bodies[index] ?? null, place));
}

/** An array as PostgreSQL reads it; the driver's own writing of one quotes each number. */
const integers = (numbers: readonly number[]): string => `{${numbers.join(',')}}`;

/** Each with its length in four bytes before it; -1 where nothing opened. */
function splitBodies(joined: Buffer): (Buffer | null)[] {
  const bodies: (Buffer | null)[] = [];
  for (let at = 0; at < joined.length;) {
    const length = joined.readInt32BE(at);
    at += 4;
    bodies.push(length < 0 ? null : joined.subarray(at, at + length));
    at += Math.max(0, length);
  }
  return bodies;
}

/** 39000 "Wrong key or corrupt data" of pgcrypto; 23514 where the packet is not of the column type's one form. */
function isCipherFailure(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '39000' || error.code === '23514');
}
