import pg from 'pg';
import { RowSecurityError } from './error.ts';
import { explainRefusal, refuseAway } from './explain-refusal.ts';
import { openLane, targetOf, type Connected } from './lanes/lane.ts';
import { createSharedLanes } from './lanes/shared-lanes.ts';
import { createTenantLanes, isForgotten } from './lanes/tenant-lanes.ts';
import { sealContext, type SealKey, type SealTarget, type SealedContext } from './sealed-context.ts';

/** One statement inside an entered context. The only way that queries reach a sealed store. */
export interface Transaction {
  query<Row extends pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
}

export interface SealedPoolOptions {
  readonly connection: pg.ClientConfig;
  readonly key: SealKey;
  /** For transactions of several statements; default 10. */
  readonly maxConnections?: number;
  /** Shared by the single statements of all tenants; default 4. */
  readonly sharedConnections?: number;
  /** For single statements of busy tenants, each connection of one tenant alone, with prepared statements; default none. */
  readonly tenantConnections?: number;
  /** Milliseconds; the server ends a statement that runs longer. Default 10,000. */
  readonly statementTimeoutMs?: number;
  /** Called with connection failures outside of a query. */
  readonly onError?: (error: Error) => void;
}

/** A pool that cannot be used outside a context. It has no method that runs SQL without one. */
export interface SealedPool {
  /** Runs `work` in one transaction that entered `context`; commits when it resolves, rolls back when it throws. */
  within<Result>(
    context: SealedContext,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result>;
  /** One statement in a transaction of its own that entered `context`, in one round trip. */
  query<Row extends pg.QueryResultRow>(
    context: SealedContext,
    text: string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
  /** Tags texts for the backend that then receives them in one statement (`cordon.seal_verifies` checks each). */
  sendTagged<Row extends pg.QueryResultRow>(
    statement: string,
    texts: readonly string[],
  ): Promise<pg.QueryResult<Row>>;
  /** Resolves when the server answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

// Unnamed statements only: SQL that got into a connection could prepare our names anew and so receive the next rows.
function transactionOver(
  client: pg.PoolClient,
  entered: Promise<unknown>,
): { transaction: Transaction; end: () => void } {
  let ended = false;
  return {
    transaction: {
      async query(text, values) {
        if (ended)
          throw new RowSecurityError('transaction-misused', 'The request used a finished transaction.', {
            detail: 'query after the transaction ended: await every query inside the work function',
          });
        const result = client.query(text, values === undefined ? [] : [...values]);
        // Sent behind BEGIN and enter without waiting for them; a refused seal is the reason that is told.
        const [, answer] = await Promise.all([entered, result]);
        return answer;
      },
    },
    end: () => {
      ended = true;
    },
  };
}

export function createSealedPool(options: SealedPoolOptions): SealedPool {
  const timeout = options.statementTimeoutMs ?? 10_000;
  const config = {
    ...options.connection,
    // Statements leave without waiting for the answers to earlier ones; each still has its own error.
    pipeline: true as const,
    statement_timeout: timeout,
    idle_in_transaction_session_timeout: timeout,
  };
  const onError = (error: Error) => options.onError?.(error);
  const pool = new pg.Pool({ ...config, max: options.maxConnections ?? 10, idleTimeoutMillis: 60_000 });
  pool.on('error', onError);
  // The pool listens to idle connections only; one that breaks while it works would end the process.
  pool.on('connect', (client) => client.on('error', onError));
  const laneOptions = { config, key: options.key, onError };
  const shared = createSharedLanes(() => openLane(laneOptions, false), options.sharedConnections ?? 4);
  // Its statements are the caller's own, and hold texts that were tagged for them alone: one of them stays prepared.
  const tagged = createSharedLanes(() => openLane(laneOptions, true), 1);
  const tenants = createTenantLanes({
    open: () => openLane(laneOptions, true),
    most: options.tenantConnections ?? 0,
  });

  async function connect(): Promise<{ client: pg.PoolClient; target: SealTarget }> {
    const client = await pool.connect().catch(refuseAway);
    try {
      return { client, target: targetOf(client as pg.PoolClient & Connected) };
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async function within<Result>(
    context: SealedContext,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> {
    const { client, target } = await connect();
    let end = () => undefined as unknown;
    let broken = false;
    try {
      const seal = sealContext(context, target, options.key);
      const entered = Promise.all([
        client.query('BEGIN'),
        client.query('SELECT cordon.enter($1, $2, $3)', [seal.payload, seal.keyId, seal.tag]),
      ]);
      const opened = transactionOver(client, entered);
      end = opened.end;
      const [result] = await Promise.all([work(opened.transaction), entered]);
      end();
      const { command } = await client.query('COMMIT');
      // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and with no error.
      if (command !== 'COMMIT')
        throw new RowSecurityError('transaction-misused', 'The change could not be stored. Try again.', {
          detail: 'the work function went on after a statement had failed',
        });
      return result;
    } catch (error) {
      end();
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw explainRefusal(error);
    } finally {
      // A connection whose state is not known goes away; the context ended with the transaction in every other case.
      client.release(broken);
    }
  }

  return {
    within,
    async query<Row extends pg.QueryResultRow>(
      context: SealedContext,
      text: string,
      values: readonly unknown[] = [],
    ): Promise<pg.QueryResult<Row>> {
      try {
        const own = tenants.run(context.tenantId, (lane) => lane.query<Row>(context, text, values));
        if (own !== undefined) return await own;
      } catch (error) {
        // What the server has forgotten has not run: it is asked again, without a name.
        if (!isForgotten(error)) throw explainRefusal(error);
      }
      const lane = await shared.next().catch(refuseAway);
      try {
        return await lane.query<Row>(context, text, values);
      } catch (error) {
        throw explainRefusal(error);
      }
    },
    async sendTagged<Row extends pg.QueryResultRow>(statement: string, texts: readonly string[]) {
      const lane = await tagged.next().catch(refuseAway);
      try {
        return await lane.sendTagged<Row>(statement, texts);
      } catch (error) {
        if (!isForgotten(error)) throw explainRefusal(error);
      }
      // What the server has forgotten has not run.
      await lane.close();
      try {
        return await (await tagged.next()).sendTagged<Row>(statement, texts);
      } catch (error) {
        throw explainRefusal(error);
      }
    },
    async ping() {
      await (await shared.next()).ping();
    },
    async close() {
      await Promise.all([pool.end(), shared.close(), tagged.close(), tenants.close()]);
    },
  };
}
