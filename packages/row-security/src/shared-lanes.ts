import pg from 'pg';

/** A connection as pg has it once the server has greeted it. */
export interface Connected extends pg.ClientBase {
  /** Set by pg from BackendKeyData; absent from its types. */
  readonly processID: number | null;
}

/**
 * A few connections for statements that are transactions of their own. Requests share them and their statements follow one
 * another on the wire without waiting, so those of one turn of the event loop leave in one write. Nothing is left on a
 * connection between two statements: the context ends with each, and no statement has a name.
 */
export interface SharedLanes {
  next(): Promise<Connected>;
  close(): Promise<void>;
}

export function createSharedLanes(
  config: pg.ClientConfig & { pipeline: true },
  options: { count: number; onError: (error: Error) => void },
): SharedLanes {
  const lanes: (Promise<pg.Client> | undefined)[] = Array.from({ length: options.count }, () => undefined);
  let turn = 0;
  let closed = false;

  function open(index: number): Promise<pg.Client> {
    const client = new pg.Client(config);
    const lane = client.connect().then(() => client);
    const drop = () => {
      if (lanes[index] === lane) lanes[index] = undefined;
    };
    // A lane that broke is opened anew by the next statement; those under way on it fail.
    client.on('error', (error) => {
      drop();
      options.onError(error);
    });
    client.on('end', drop);
    lane.catch(drop);
    lanes[index] = lane;
    return lane;
  }

  return {
    async next() {
      // A request that outlived its client must not open a connection that nobody would close.
      if (closed) throw new Error('Connection terminated: the pool is closed');
      turn = (turn + 1) % lanes.length;
      return (await (lanes[turn] ?? open(turn))) as pg.Client & Connected;
    },
    async close() {
      closed = true;
      const open = lanes.splice(0, lanes.length);
      await Promise.allSettled(open.map(async (lane) => (await lane)?.end()));
    },
  };
}
