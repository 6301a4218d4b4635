import pg from 'pg';
import { serialize } from 'pg-protocol';
import type { Seal } from '../sealed-context.ts';
import { readShape, type RowShape } from './row-shape.ts';
import type { NamedStatement, StatementNames } from './statement-names.ts';

/** What a query needs of pg's connection; its types leave two of them out. */
interface WireConnection {
  readonly stream: { readonly writable: boolean; cork(): void; uncork(): void; write(bytes: Buffer): void };
  /** Texts by name, of statements that the server said it has prepared. */
  readonly parsedStatements: Readonly<Record<string, string>>;
}

/** Where `valueMapper` of pg's own queries comes from; its types leave it out. */
const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;

/** What follows a statement's values: ask for its columns, run it, and end the transaction. */
const run = Buffer.concat([serialize.execute(), serialize.sync()]);
const describeAndRun = Buffer.concat([serialize.describe({ type: 'P' }), run]);

// No column and no row: the statement's own result follows it on the wire.
const enterStatement = 'SELECT WHERE cordon.enter($1, $2, $3) IS NULL';
/** A seal is of one connection, and so is the name under which it is entered: what is sent of it stays the same. */
const enterings = new WeakMap<Seal, Buffer>();

/**
 * `cordon.enter` and one statement, sent together and closed by one Sync. Without BEGIN the two are one implicit
 * transaction (PostgreSQL documentation, "Pipelining"): the context ends with it, after success and after failure, and the whole
 * takes one round trip instead of four. When the seal is refused the server skips the statement. A statement that stays prepared
 * is described once. What pg would send in six pieces goes out as one, and of the answer nothing is built but its rows.
 */
export class EnteredQuery<Row extends pg.QueryResultRow> extends pg.Query {
  readonly #seal: Seal | undefined;
  readonly #names: StatementNames;
  readonly #text: string;
  readonly #values: readonly unknown[];
  readonly #resolve: (result: pg.QueryResult<Row>) => void;
  readonly #reject: (error: unknown) => void;
  readonly #rows: Row[] = [];
  #statement: NamedStatement | undefined;
  #asked: WireConnection | undefined;
  #shape: RowShape | undefined;
  #entered: boolean;
  #completed = '';
  #unreadable: Error | undefined;

  private constructor(
    names: StatementNames,
    seal: Seal | undefined,
    text: string,
    values: readonly unknown[],
    resolve: (result: pg.QueryResult<Row>) => void,
    reject: (error: unknown) => void,
  ) {
    super(text);
    this.#names = names;
    this.#seal = seal;
    this.#entered = seal === undefined;
    this.#text = text;
    this.#values = values;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  static run<Row extends pg.QueryResultRow>(
    client: pg.ClientBase,
    names: StatementNames,
    seal: Seal,
    text: string,
    values: readonly unknown[],
  ): Promise<pg.QueryResult<Row>> {
    return new Promise((resolve, reject) => {
      client.query(new EnteredQuery<Row>(names, seal, text, values, resolve, reject));
    });
  }

  /** The same without a context, for texts that carry tags of their own. */
  static runTagged<Row extends pg.QueryResultRow>(
    client: pg.ClientBase,
    names: StatementNames,
    text: string,
    values: readonly unknown[],
  ): Promise<pg.QueryResult<Row>> {
    return new Promise((resolve, reject) => {
      client.query(new EnteredQuery<Row>(names, undefined, text, values, resolve, reject));
    });
  }

  /** Under the extended protocol always: a simple query would be a transaction of its own. */
  override submit = (connection: pg.Connection): Error | undefined => {
    const wire = connection as unknown as WireConnection;
    try {
      const bytes = this.#write(wire);
      if (!wire.stream.writable) return undefined;
      wire.stream.cork();
      // Statements of the same turn, on a connection that several requests share, leave together.
      process.nextTick(() => {
        wire.stream.uncork();
      });
      wire.stream.write(bytes);
      return undefined;
    } catch (error) {
      // A value that cannot be written: nothing was sent.
      return error as Error;
    }
  };

  #write(wire: WireConnection): Buffer {
    const known = this.#names.of(this.#text);
    const { name } = known.statement;
    let own: Buffer;
    try {
      own = serialize.bind({ statement: name, values: this.#values as unknown[], valueMapper: prepareValue });
    } catch (error) {
      if (known.prepare) this.#names.forget(this.#text);
      throw error;
    }
    this.#statement = known.statement;
    this.#shape = known.statement.shape;
    const pieces: Buffer[] = [];
    const parse = (): unknown => known.prepare && pieces.push(serialize.parse({ name, text: this.#text }));
    // A named statement is prepared ahead of the seal: a refusal makes the server skip what follows it.
    if (name !== '') {
      // pg notes under this name what the server has prepared.
      (this as { name?: string }).name = name;
      if (known.prepare) this.#asked = wire;
      parse();
    }
    if (this.#seal !== undefined) pieces.push(this.#writeSeal(this.#seal));
    if (name === '') parse();
    pieces.push(own, this.#shape === undefined ? describeAndRun : run);
    return Buffer.concat(pieces);
  }

  #writeSeal(seal: Seal): Buffer {
    const { statement, prepare } = this.#names.of(enterStatement);
    const { name } = statement;
    let entering = enterings.get(seal);
    if (entering === undefined) {
      const bind = serialize.bind({ statement: name, values: [seal.payload, seal.keyId, seal.tag] });
      entering = Buffer.concat([bind, serialize.execute()]);
      enterings.set(seal, entering);
    }
    return prepare ? Buffer.concat([serialize.parse({ name, text: enterStatement }), entering]) : entering;
  }

  handleRowDescription({ fields }: { readonly fields: pg.FieldDef[] }): void {
    this.#shape = readShape(fields);
    if (this.#statement !== undefined && this.#statement.name !== '') this.#statement.shape = this.#shape;
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    try {
      if (this.#shape === undefined) throw new TypeError('a row came without a description');
      this.#rows.push(this.#shape.read(fields) as Row);
    } catch (cause) {
      this.#unreadable ??= new Error('a row could not be read', { cause });
    }
  }

  /** Called for the seal, and then for the statement. */
  handleCommandComplete({ text }: { readonly text: string }): void {
    if (this.#entered) this.#completed = text;
    this.#entered = true;
  }

  handleError(error: unknown): void {
    this.#forgetUnprepared();
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#unreadable !== undefined) this.#reject(this.#unreadable);
    else this.#resolve(this.#result());
  }

  #result(): pg.QueryResult<Row> {
    // `INSERT 0 3`, `SELECT 1`, `LOCK TABLE`: PostgreSQL documentation, "Message Formats", CommandComplete.
    const completed = this.#completed;
    const first = completed.indexOf(' ');
    const count = first === -1 ? NaN : Number(completed.slice(completed.lastIndexOf(' ') + 1));
    return {
      command: first === -1 ? completed : completed.slice(0, first),
      rowCount: Number.isInteger(count) ? count : null,
      oid: 0,
      fields: this.#shape?.fields ?? [],
      rows: this.#rows,
    };
  }

  /** A text that the server could not prepare is prepared anew by who sends it next. */
  #forgetUnprepared(): void {
    const { name = '' } = this.#statement ?? {};
    if (this.#asked !== undefined && !(name in this.#asked.parsedStatements)) this.#names.forget(this.#text);
  }
}
