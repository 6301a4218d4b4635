import pg from 'pg';
import { ProverError } from './error.ts';
import { identifier } from './sql.ts';

export type Answer =
  | { readonly ok: true; readonly rows: readonly (readonly (string | null)[])[]; readonly count: number }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly detail: string };

/** How the prover reaches the database it attacks. */
export interface Target {
  /** A superuser, or a role that bypasses row security and may become the login roles. */
  readonly administrator: pg.ClientConfig;
  /** A sign-in as the role itself; absent: the administrator becomes the role (SET SESSION AUTHORIZATION). */
  readonly loginOf?: (role: string) => pg.ClientConfig | undefined;
}

// Whatever the type, its text: what an attacker sees.
const asText = {
  getTypeParser: () => (value: string | Buffer) => value.toString(),
} as unknown as pg.CustomTypesConfig;

/** A connection whose values arrive as text. Throws `prover-unreachable`. */
export async function openClient(config: pg.ClientConfig, who: string): Promise<pg.Client> {
  const client = new pg.Client({
    application_name: 'cordon rls prove',
    connectionTimeoutMillis: 10_000,
    ...config,
    types: asText,
  });
  // A backend that ends is told by the query that waits for it.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new ProverError(
      'prover-unreachable',
      `No connection to ${config.host ?? 'the server'}, port ${config.port ?? 5432}, database ${config.database ?? '(default)'} as ${who}: ` +
        'check that it runs, the address, the password and that the role may CONNECT.',
      { cause: error, ...(error instanceof Error && { detail: error.message }) },
    );
  }
  return client;
}

/** One connection as a login role, attacked through. Every statement of `attempt` is undone. */
export class AttackSession {
  readonly role: string;
  /** False when the administrator became the role. */
  readonly signedIn: boolean;
  readonly #client: pg.Client;
  readonly #database: string;

  private constructor(client: pg.Client, role: string, signedIn: boolean, database: string) {
    this.#client = client;
    this.role = role;
    this.signedIn = signedIn;
    this.#database = database;
  }

  static async open(target: Target, role: string): Promise<AttackSession> {
    const login = target.loginOf?.(role);
    const client = await openClient(login ?? target.administrator, login ? role : 'the administrator');
    try {
      if (!login) await client.query(`SET SESSION AUTHORIZATION ${identifier(role)}`);
      const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
      return new AttackSession(client, role, login !== undefined, rows[0]?.name ?? '');
    } catch (error) {
      await client.end();
      throw new ProverError(
        error instanceof pg.DatabaseError && error.code === '42704'
          ? 'prover-role-missing'
          : 'prover-may-not-plant',
        `The administrator could not become the login role ${role}: the role must exist, and the administrator must be a superuser.`,
        { cause: error },
      );
    }
  }

  get target(): { database: string; loginRole: string; backendPid: number } {
    // pg keeps it from BackendKeyData; its types leave it out.
    const { processID } = this.#client as pg.Client & { processID: number };
    return { database: this.#database, loginRole: this.role, backendPid: processID };
  }

  /** Runs `work` in a transaction that is rolled back. */
  async inTransaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#client.query(
      `BEGIN; SET LOCAL statement_timeout = '10s'; SET LOCAL lock_timeout = '5s'; SET LOCAL idle_in_transaction_session_timeout = '60s'`,
    );
    try {
      return await work();
    } finally {
      await this.#client.query('ROLLBACK');
    }
  }

  /** One statement, as an answer instead of an exception. Outside of `inTransaction` it stands for itself. */
  async run(sql: string): Promise<Answer> {
    try {
      const result: unknown = await this.#client.query({ text: sql, rowMode: 'array' });
      const last = (Array.isArray(result) ? result.at(-1) : result) as pg.QueryResult<(string | null)[]>;
      return { ok: true, rows: last.rows, count: last.rowCount ?? 0 };
    } catch (error) {
      return toAnswer(error);
    }
  }

  /** One statement inside of `inTransaction`, undone whatever it did. `deferred` has constraints checked at once. */
  async attempt(sql: string, deferred = false): Promise<Answer> {
    try {
      const results: unknown = await this.#client.query({
        text: `SAVEPOINT attempt; ${deferred ? 'SET CONSTRAINTS ALL IMMEDIATE; ' : ''}${sql}; ROLLBACK TO SAVEPOINT attempt`,
        rowMode: 'array',
      });
      const own = (results as pg.QueryResult<(string | null)[]>[]).at(-2);
      return { ok: true, rows: own?.rows ?? [], count: own?.rowCount ?? 0 };
    } catch (error) {
      await this.#client.query('ROLLBACK TO SAVEPOINT attempt');
      return toAnswer(error);
    }
  }

  /** As `run`, with bind parameters. */
  async runBound(sql: string, values: readonly string[]): Promise<Answer> {
    try {
      const result = await this.#client.query<(string | null)[]>({
        text: sql,
        values: [...values],
        rowMode: 'array',
      });
      return { ok: true, rows: result.rows, count: result.rowCount ?? 0 };
    } catch (error) {
      return toAnswer(error);
    }
  }

  /** Runs `work` in a transaction that is committed, as a request of the application would be. */
  async commit(work: () => Promise<void>): Promise<void> {
    await this.#client.query('BEGIN');
    await work();
    await this.#client.query('COMMIT');
  }

  /** Runs what empties a connection. DISCARD ALL also ends an impersonation, which begins anew. */
  async reset(sql: string): Promise<void> {
    await this.#client.query(sql);
    if (!this.signedIn) await this.#client.query(`SET SESSION AUTHORIZATION ${identifier(this.role)}`);
  }

  onNotification(listener: (payload: string) => void): void {
    this.#client.on('notification', (message) => {
      listener(message.payload ?? '');
    });
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}

function toAnswer(error: unknown): Answer {
  if (!(error instanceof pg.DatabaseError)) throw error;
  return { ok: false, code: error.code ?? '', message: error.message, detail: error.detail ?? '' };
}
