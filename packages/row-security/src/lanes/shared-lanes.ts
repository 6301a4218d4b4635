import type { Lane } from './lane.ts';

/**
 * A few connections that all tenants share. Nothing is left on one between two statements: the context ends with each, and no
 * statement has a name.
 */
export interface SharedLanes {
  next(): Promise<Lane>;
  close(): Promise<void>;
}

export function createSharedLanes(open: () => Promise<Lane>, count: number): SharedLanes {
  const lanes: (Promise<Lane> | undefined)[] = Array.from({ length: count }, () => undefined);
  let turn = 0;
  let closed = false;

  function openAt(index: number): Promise<Lane> {
    const lane = open();
    const drop = () => {
      if (lanes[index] === lane) lanes[index] = undefined;
    };
    // A lane that broke is opened anew by the next statement; those under way on it fail.
    lane.then((opened) => {
      opened.onEnd(drop);
    }, drop);
    lanes[index] = lane;
    return lane;
  }

  return {
    async next() {
      // A request that outlived its client must not open a connection that nobody would close.
      if (closed) throw new Error('Connection terminated: the pool is closed');
      turn = (turn + 1) % lanes.length;
      return await (lanes[turn] ?? openAt(turn));
    },
    async close() {
      closed = true;
      const open = lanes.splice(0, lanes.length);
      await Promise.allSettled(open.map(async (lane) => (await lane)?.close()));
    },
  };
}
