import pg from 'pg';
import { RowSecurityError } from '../error.ts';
import {
  sealContext,
  sealText,
  type Seal,
  type SealKey,
  type SealTarget,
  type SealedContext,
} from '../sealed-context.ts';
import { EnteredQuery } from './entered-query.ts';
import { createStatementNames, unnamed, type StatementNames } from './statement-names.ts';

/** A connection as pg has it once the server has greeted it. */
export interface Connected extends pg.ClientBase {
  /** Set by pg from BackendKeyData; absent from its types. */
  readonly processID: number | null;
}

export interface LaneOptions {
  readonly config: pg.ClientConfig & { pipeline: true };
  readonly key: SealKey;
  readonly onError: (error: Error) => void;
}

/** A connection for statements that are transactions of their own; they follow one another without waiting. */
export interface Lane {
  query<Row extends pg.QueryResultRow>(
    context: SealedContext,
    text: string,
    values: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
  /** A statement without a context, of texts that are tagged for this connection's backend. */
  sendTagged<Row extends pg.QueryResultRow>(
    text: string,
    tagged: readonly string[],
  ): Promise<pg.QueryResult<Row>>;
  ping(): Promise<void>;
  /** Resolves when what is under way has been answered. */
  close(): Promise<void>;
  /** Called once, when the connection has ended, for whatever reason. */
  onEnd(listener: () => void): void;
}

/** Where a seal for this connection is valid. @throws RowSecurityError `context-invalid` */
export function targetOf(client: Connected): SealTarget {
  const { database, user, processID } = client as Connected & { database?: string; user?: string };
  if (processID === null || database === undefined || user === undefined)
    throw new RowSecurityError('context-invalid', 'The database connection could not be used.', {
      detail: 'the server did not tell its backend process id',
    });
  return { database, loginRole: user, backendPid: processID };
}

// Statements are keyed by tenant and few: one plan for all values, found by index, without compiling it.
const keepPlans = `SELECT set_config('plan_cache_mode', 'force_generic_plan', false),
  set_config('enable_seqscan', 'off', false), set_config('jit', 'off', false),
  has_function_privilege('pg_catalog.pg_prepared_statement()', 'execute') AS tells_names`;

/**
 * Opens a lane. With `prepares` it keeps statements prepared, which only a connection of one tenant may, and only where the
 * server tells their names to nobody; elsewhere each statement is the unnamed one.
 */
export async function openLane(options: LaneOptions, prepares: boolean): Promise<Lane> {
  const client = new pg.Client(options.config);
  let ended = false;
  const listeners: (() => void)[] = [];
  const end = () => {
    if (ended) return;
    ended = true;
    for (const listener of listeners) listener();
  };
  client.on('error', (error) => {
    end();
    options.onError(error);
  });
  client.on('end', end);
  await client.connect();
  const target = targetOf(client as pg.Client & Connected);
  const names = prepares ? await findNames(client) : unnamed;
  // A context object is sealed once for this backend; whoever reuses the object saves the sealing.
  const seals = new WeakMap<SealedContext, Seal>();
  function sealOf(context: SealedContext): Seal {
    const known = seals.get(context);
    if (known !== undefined) return known;
    const made = sealContext(context, target, options.key);
    seals.set(context, made);
    return made;
  }
  async function leaveNone<Result>(answer: Promise<Result>): Promise<Result> {
    const result = await answer;
    if (client.getTransactionStatus() === 'I') return result;
    // A statement that began a transaction would hold what comes after it, and lose it.
    await client.end();
    throw new RowSecurityError('transaction-misused', 'The request could not be completed. Try again.', {
      detail: 'a statement left a transaction open on its connection, which was closed',
    });
  }
  return {
    query<Row extends pg.QueryResultRow>(context: SealedContext, text: string, values: readonly unknown[]) {
      return leaveNone(EnteredQuery.run<Row>(client, names, sealOf(context), text, values));
    },
    sendTagged<Row extends pg.QueryResultRow>(text: string, tagged: readonly string[]) {
      const tags = tagged.map((each) => sealText(each, target, options.key));
      return leaveNone(EnteredQuery.runTagged<Row>(client, names, text, [tagged, tags, options.key.keyId]));
    },
    async ping() {
      await client.query('SELECT 1');
    },
    close: () => client.end(),
    onEnd(listener) {
      if (ended) listener();
      else listeners.push(listener);
    },
  };
}

async function findNames(client: pg.Client): Promise<StatementNames> {
  const { rows } = await client.query<{ tells_names: boolean }>(keepPlans);
  return rows[0]?.tells_names === false ? createStatementNames() : unnamed;
}
