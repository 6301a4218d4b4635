import pg from 'pg';
import type { Seal } from '../sealed-context.ts';
import type { StatementNames } from './statement-names.ts';

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
 * takes one round trip instead of four. When the seal is refused the server skips the statement.
 */
export class EnteredQuery extends pg.Query {
  readonly #seal: Seal;
  readonly #names: StatementNames;
  readonly #text: string;
  #asked: { readonly wire: WireConnection; readonly name: string } | undefined;

  private constructor(
    seal: Seal,
    names: StatementNames,
    config: pg.QueryConfig & { callback: (error: Error | null, result: unknown) => void },
  ) {
    super(config);
    this.#seal = seal;
    this.#names = names;
    this.#text = config.text;
  }

  static run<Row extends pg.QueryResultRow>(
    client: pg.ClientBase,
    names: StatementNames,
    seal: Seal,
    text: string,
    values: readonly unknown[],
  ): Promise<pg.QueryResult<Row>> {
    return new Promise((resolve, reject) => {
      const callback = (error: Error | null, results: unknown) => {
        if (error) {
          query.#forgetUnprepared();
          reject(error);
        }
        // Two statements, two results; the second is the caller's.
        else resolve((results as pg.QueryResult<Row>[])[1] as pg.QueryResult<Row>);
      };
      // Extended protocol always, for a simple query would be a transaction of its own.
      const config = { text, values: [...values], queryMode: 'extended', callback };
      const query = new EnteredQuery(seal, names, config);
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
    const own = this.#names.of(this.#text);
    if (own.name !== '') {
      // pg binds to this name, and notes it when the server has prepared it.
      (this as { name?: string }).name = own.name;
      if (own.prepare) {
        this.#asked = { wire, name: own.name };
        wire.parse({ name: own.name, text: this.#text, types: [] });
      }
    }
    const enter = this.#names.of(enterStatement);
    if (enter.prepare) wire.parse({ name: enter.name, text: enterStatement, types: [] });
    wire.bind({ portal: '', statement: enter.name, values: [payload, keyId, tag] });
    wire.execute({ portal: '' });
    pg.Query.prototype.submit.call(this, connection);
  };

  /** Asked by pg before it prepares the statement itself. */
  hasBeenParsed(): boolean {
    return (this as { name?: string }).name !== undefined;
  }

  /** A text that the server could not prepare is prepared anew by who sends it next. */
  #forgetUnprepared(): void {
    if (this.#asked && !(this.#asked.name in this.#asked.wire.parsedStatements))
      this.#names.forget(this.#text);
  }
}
