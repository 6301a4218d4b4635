import { AuditLogError } from './error.ts';

/** Rows as `COPY … TO STDOUT (FORMAT binary)` sends them, row after row; a cell's place is `row * columns + column`. */
export interface CopiedTable {
  readonly bytes: Buffer;
  readonly rows: number;
  readonly columns: number;
  /** Where each cell begins among the bytes. */
  readonly starts: Int32Array;
  /** -1: NULL. */
  readonly lengths: Int32Array;
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags, length of the header's extension. */
const headerLength = signature.length + 8;
const endOfRows = -1;

/**
 * A statement to hand to `client.query` of pg: answers the rows of a SELECT as bytes. A text for each column costs the server
 * twice as much, and the driver makes a string of each.
 * @see https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-BINARY-FORMAT
 */
export class CopyOut {
  readonly bytes: Promise<Buffer>;
  readonly #statement: string;
  #held = Buffer.allocUnsafe(64 * 1024);
  #length = 0;
  #resolve: (bytes: Buffer) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  /**
   * COPY takes no parameters, so the caller answers for what stands in either.
   * @param select a whole statement
   * @param locked a table whose partitions may be dropped meanwhile. COPY takes its snapshot before its locks, and would then
   * see neither the partition nor what the dropping transaction wrote; a statement before it takes them first
   */
  constructor(select: string, locked?: string) {
    const lock = locked === undefined ? '' : `LOCK TABLE ${locked} IN ACCESS SHARE MODE; `;
    this.#statement = `${lock}COPY (${select}) TO STDOUT (FORMAT binary)`;
    this.bytes = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: { query(text: string): void }): void {
    connection.query(this.#statement);
  }

  /** The driver uses the memory of a chunk again: it is copied at once. */
  handleCopyData({ chunk }: { readonly chunk: Uint8Array }): void {
    const length = this.#length + chunk.length;
    if (length > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, this.#held.length * 2));
      this.#held.copy(larger, 0, 0, this.#length);
      this.#held = larger;
    }
    this.#held.set(chunk, this.#length);
    this.#length = length;
  }

  handleCommandComplete(): void {
    // What counts is that the server is ready again: an error may follow the rows.
  }

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#held.subarray(0, this.#length));
  }
}

/** @throws AuditLogError `rows-malformed` for bytes that are no copy of so many columns, or are cut off */
export function readCopiedTable(bytes: Buffer, columns: number): CopiedTable {
  const refuse = (at: number): AuditLogError => new AuditLogError('rows-malformed', { detail: `byte ${at}` });
  if (bytes.length < headerLength || bytes.compare(signature, 0, signature.length, 0, signature.length) !== 0)
    throw refuse(0);
  // The least that a row takes: its number of cells, and the length of each.
  const most = Math.ceil(bytes.length / (2 + 4 * columns));
  const starts = new Int32Array(most * columns);
  const lengths = new Int32Array(most * columns);
  let at = headerLength + bytes.readInt32BE(headerLength - 4);
  let place = 0;
  for (let rows = 0; ; rows += 1) {
    if (at < headerLength || at + 2 > bytes.length) throw refuse(at);
    const cells = bytes.readInt16BE(at);
    if (cells === endOfRows) return { bytes, rows, columns, starts, lengths };
    if (cells !== columns || at + 2 + 4 * columns > bytes.length) throw refuse(at);
    at += 2;
    for (let column = 0; column < columns; column += 1, place += 1) {
      if (at + 4 > bytes.length) throw refuse(at);
      const length = bytes.readInt32BE(at);
      at += 4;
      if (length < -1 || at + length > bytes.length) throw refuse(at);
      starts[place] = at;
      lengths[place] = length;
      if (length > 0) at += length;
    }
  }
}

/** Bytes of a cell; -1 for NULL. */
export function lengthOf(table: CopiedTable, place: number): number {
  return table.lengths[place] ?? -1;
}

/** Where a cell begins among `table.bytes`. */
export function startOf(table: CopiedTable, place: number): number {
  return table.starts[place] ?? 0;
}

/** The bytes of a cell, without a copy. Empty for NULL. */
export function cellOf(table: CopiedTable, place: number): Buffer {
  const start = startOf(table, place);
  return table.bytes.subarray(start, start + Math.max(0, lengthOf(table, place)));
}

/** A `bigint` cell. @throws AuditLogError `rows-malformed` for another type, and beyond 2^53, where JavaScript does not count exactly */
export function integerOf(table: CopiedTable, place: number): number {
  const start = startOf(table, place);
  const value =
    lengthOf(table, place) === 8
      ? table.bytes.readInt32BE(start) * 0x1_0000_0000 + table.bytes.readUInt32BE(start + 4)
      : NaN;
  if (!Number.isSafeInteger(value)) throw new AuditLogError('rows-malformed', { detail: 'a number' });
  return value;
}
