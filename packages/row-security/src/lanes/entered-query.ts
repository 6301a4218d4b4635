import pg from 'pg';
import type { Seal } from '../sealed-context.ts';
import { readShape, type RowShape } from './row-shape.ts';
import type { NamedStatement, StatementNames } from './statement-names.ts';

/** The calls of pg's connection that a query makes; its types leave two of them out. */
interface WireConnection {
  readonly stream: { cork(): void; uncork(): void };
  /** Texts by name, of statements that the server said it has prepared. */
  readonly parsedStatements: Readonly<Record<string, string>>;
  parse(message: { name: string; text: string; types: number[] }): void;
  bind(message: { portal: string; statement: string; values: (string | Buffer)[] }): void;
  execute(message: { portal: string }): void;
}

// No column and no row: the statement's own result follows it on the wire.
const enterStatement = 'SELECT WHERE cordon.enter($1, $2, $3) IS NULL';

/**
 * `cordon.enter` and one statement, sent together and closed by one Sync. Without BEGIN the two are one implicit
 * transaction (PostgreSQL documentation, "Pipelining"): the context ends with it, after success and after failure, and the whole
 * takes one round trip instead of four. When the seal is refused the server skips the statement. A statement that stays prepared
 * is described once: to send and to read its columns again with each answer costs as much as the answer.
 */
export class EnteredQuery<Row extends pg.QueryResultRow> extends pg.Query {
  readonly #seal: Seal;
  readonly #names: StatementNames;
  readonly #text: string;
  readonly #rows: Row[] = [];
  #statement: NamedStatement | undefined;
  #asked: WireConnection | undefined;
  #shape: RowShape | undefined;
  #entered = false;
  #completed = '';
  #unreadable: Error | undefined;

  private constructor(
    seal: Seal,
    names: StatementNames,
    asked: { readonly text: string; readonly values: readonly unknown[] },
    callback: (error: Error | null | undefined) => void,
  ) {
    // Not as one object: pg would copy it property by property.
    super(asked.text, [...asked.values], callback);
    this.#seal = seal;
    this.#names = names;
    this.#text = asked.text;
  }

  static run<Row extends pg.QueryResultRow>(
    client: pg.ClientBase,
    names: StatementNames,
    seal: Seal,
    text: string,
    values: readonly unknown[],
  ): Promise<pg.QueryResult<Row>> {
    return new Promise((resolve, reject) => {
      const query = new EnteredQuery<Row>(seal, names, { text, values }, (error) => {
        const failed = error ?? query.#unreadable;
        if (failed === undefined) resolve(query.#result());
        else {
          query.#forgetUnprepared();
          reject(failed);
        }
      });
      client.query(query);
    });
  }

  override submit = (connection: pg.Connection): void => {
    const wire = connection as unknown as WireConnection;
    wire.stream.cork();
    // Statements of the same turn, on a connection that several requests share, leave together.
    process.nextTick(() => {
      wire.stream.uncork();
    });
    const { payload, keyId, tag } = this.#seal;
    // A named statement is prepared ahead of the seal: a refusal makes the server skip what follows it.
    const { statement, prepare } = this.#names.of(this.#text);
    this.#statement = statement;
    this.#shape = statement.shape;
    if (statement.name !== '') {
      // pg binds to this name, and notes it when the server has prepared it.
      (this as { name?: string }).name = statement.name;
      if (prepare) {
        this.#asked = wire;
        wire.parse({ name: statement.name, text: this.#text, types: [] });
      }
    }
    const enter = this.#names.of(enterStatement);
    const enterName = enter.statement.name;
    if (enter.prepare) wire.parse({ name: enterName, text: enterStatement, types: [] });
    wire.bind({ portal: '', statement: enterName, values: [payload, keyId, tag] });
    wire.execute({ portal: '' });
    pg.Query.prototype.submit.call(this, this.#shape === undefined ? connection : undescribed(connection));
  };

  /** Asked by pg: the extended protocol always, for a simple query would be a transaction of its own. */
  requiresPreparation(): boolean {
    return true;
  }

  /** Asked by pg before it prepares the statement itself. */
  hasBeenParsed(): boolean {
    return (this as { name?: string }).name !== undefined;
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

  #result(): pg.QueryResult<Row> {
    // `INSERT 0 3`, `SELECT 1`, `LOCK TABLE`: PostgreSQL documentation, "Message Formats", CommandComplete.
    const words = this.#completed.split(' ');
    const count = Number(words.at(-1));
    const rowCount = Number.isInteger(count) ? count : null;
    return { command: words[0] ?? '', rowCount, oid: 0, fields: this.#shape?.fields ?? [], rows: this.#rows };
  }

  /** A text that the server could not prepare is prepared anew by who sends it next. */
  #forgetUnprepared(): void {
    const { name = '' } = this.#statement ?? {};
    if (this.#asked !== undefined && !(name in this.#asked.parsedStatements)) this.#names.forget(this.#text);
  }
}

const withoutDescribe = new WeakMap<pg.Connection, pg.Connection>();

/** The same connection, which leaves out the question for columns that are known. */
function undescribed(connection: pg.Connection): pg.Connection {
  const known = withoutDescribe.get(connection);
  if (known !== undefined) return known;
  const describe = { value: () => undefined };
  const made = Object.create(connection, { describe }) as pg.Connection;
  withoutDescribe.set(connection, made);
  return made;
}
