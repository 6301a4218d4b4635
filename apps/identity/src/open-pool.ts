import type { Logger } from '@cordon/service';
import { Pool, type ClientConfig, type PoolClient } from 'pg';

/** Ours are some sixty, written in the sources; a text beyond so many is nobody's fixed one. */
const mostNames = 500;
const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= mostNames) return known;
  const name = `identity-${names.size + 1}`;
  names.set(text, name);
  return name;
}

/**
 * Lets `query` share a few connections, on which statements follow one another without waiting for answers, and which parse and
 * plan each text once. Only this process's fixed texts run there; what is of one sign-in stands in the values. A
 * transaction has a connection of its own (`connect`).
 */
function shareConnections(pool: Pool, count: number): void {
  const lanes = new Map<number, Promise<PoolClient>>();
  let turn = 0;

  async function openLane(at: number): Promise<PoolClient> {
    const client = await pool.connect();
    const drop = (error?: Error) => {
      if (lanes.get(at) !== lane) return;
      lanes.delete(at);
      client.release(error ?? true);
    };
    const lane = lanes.get(at);
    client.on('error', drop);
    client.on('end', drop);
    return client;
  }

  function takeLane(): Promise<PoolClient> {
    turn = (turn + 1) % count;
    const at = turn;
    const open = lanes.get(at);
    if (open) return open;
    const opening = Promise.resolve().then(() => openLane(at));
    lanes.set(at, opening);
    opening.catch(() => lanes.delete(at));
    return opening;
  }

  async function query(text: string, values: unknown[] = []): Promise<unknown> {
    const client = await takeLane();
    return client.query({ name: nameOf(text), text, values });
  }

  const end = pool.end.bind(pool);
  pool.query = query as typeof pool.query;
  pool.end = async () => {
    const open = await Promise.allSettled(lanes.values());
    lanes.clear();
    for (const lane of open) if (lane.status === 'fulfilled') lane.value.release();
    await end();
  };
}

export interface PoolOptions {
  readonly config: ClientConfig;
  /** Connections at most. */
  readonly max: number;
  /** Of these, how many single statements share. */
  readonly shared: number;
  readonly store: string;
  readonly logger: Logger;
}

/** A pool of one login role. Statements take five seconds at most. */
export function openPool({ config, max, shared, store, logger }: PoolOptions): Pool {
  const pool = new Pool({ ...config, max, pipeline: true, statement_timeout: 5_000 });
  pool.on('error', (error) => {
    logger.error('database connection lost', { err: error, store });
  });
  shareConnections(pool, shared);
  return pool;
}
