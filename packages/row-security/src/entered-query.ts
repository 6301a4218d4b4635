import pg from 'pg';
import type { Seal } from './sealed-context.ts';

/** The calls of pg's connection that a query makes; its types leave two of them out. */
interface WireConnection {
  readonly stream: { cork(): void; uncork(): void };
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

  private constructor(
    seal: Seal,
    config: pg.QueryConfig & { callback: (error: Error | null, result: unknown) => void },
  ) {
    super(config);
    this.#seal = seal;
  }

  static run<Row extends pg.QueryResultRow>(
    client: pg.ClientBase,
    seal: Seal,
    text: string,
    values: readonly unknown[],
  ): Promise<pg.QueryResult<Row>> {
    return new Promise((resolve, reject) => {
      const callback = (error: Error | null, results: unknown) => {
        if (error) reject(error);
        // Two statements, two results; the second is the caller's.
        else resolve((results as pg.QueryResult<Row>[])[1] as pg.QueryResult<Row>);
      };
      // Extended protocol always, for a simple query would be a transaction of its own.
      const config = { text, values: [...values], queryMode: 'extended', callback };
      client.query(new EnteredQuery(seal, config));
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
    wire.parse({ name: '', text: enterStatement, types: [] });
    wire.bind({ portal: '', statement: '', values: [payload, keyId, tag] });
    wire.execute({ portal: '' });
    pg.Query.prototype.submit.call(this, connection);
  };
}
