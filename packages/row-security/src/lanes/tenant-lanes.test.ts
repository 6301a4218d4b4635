import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Lane } from './lane.ts';
import { createTenantLanes } from './tenant-lanes.ts';

function bench(options: { most: number; busyAfter?: number; fails?: boolean }) {
  const closed: number[] = [];
  let opened = 0;
  let time = 0;
  const lanes = createTenantLanes({
    most: options.most,
    busyAfter: options.busyAfter ?? 1,
    now: () => time,
    open: () => {
      const number = ++opened;
      return options.fails === true
        ? Promise.reject(new Error('no server'))
        : Promise.resolve({
            query: () => Promise.reject(new Error('not asked')),
            sendTagged: () => Promise.reject(new Error('not asked')),
            ping: () => Promise.resolve(),
            close: () => {
              closed.push(number);
              return Promise.resolve();
            },
            onEnd: () => undefined,
          } satisfies Lane);
    },
  });
  return {
    lanes,
    closed,
    opened: () => opened,
    pass: (ms: number) => (time += ms),
    /** Runs nothing on a lane of the tenant's; tells whether there was one. */
    ask: async (tenantId: string) => {
      const answer = lanes.run(tenantId, () => Promise.resolve(true));
      await setImmediate();
      return (await answer) ?? false;
    },
  };
}

describe('lanes of one tenant each', () => {
  it('are opened for who asks often, while the statement is sent elsewhere', async () => {
    const { ask, opened } = bench({ most: 2, busyAfter: 3 });
    expect([await ask('a'), await ask('a'), opened()]).toEqual([false, false, 0]);
    expect([await ask('a'), opened(), await ask('a')]).toEqual([false, 1, true]);
  });

  it('are never handed from one tenant to another: the connection is closed', async () => {
    const { ask, pass, closed, opened } = bench({ most: 1 });
    await ask('a');
    expect(await ask('a')).toBe(true);
    expect([await ask('b'), closed]).toEqual([false, []]);
    pass(2_000);
    expect([await ask('b'), closed, opened()]).toEqual([false, [1], 2]);
    expect([await ask('b'), await ask('a')]).toEqual([true, false]);
  });

  it('leave half the places to others, however much one tenant has under way', async () => {
    const { lanes, ask, opened } = bench({ most: 4 });
    await ask('a');
    const ends = Promise.withResolvers<undefined>();
    const held: Promise<undefined>[] = [];
    for (let each = 0; each < 6; each += 1) {
      held.push(lanes.run('a', () => ends.promise) ?? ends.promise);
      await setImmediate();
    }
    expect(opened()).toBe(2);
    ends.resolve(undefined);
    await Promise.all(held);
  });

  it('are not taken away while something is under way on them', async () => {
    const { lanes, ask, pass, closed } = bench({ most: 1 });
    await ask('a');
    const ends = Promise.withResolvers<undefined>();
    const held = lanes.run('a', () => ends.promise);
    pass(60_000);
    await ask('b');
    expect(closed).toEqual([]);
    ends.resolve(undefined);
    await held;
  });

  it('are given up where a statement was forgotten, and not for any other failure', async () => {
    const { lanes, ask, closed } = bench({ most: 1 });
    await ask('a');
    const fail = (code: string) =>
      lanes.run('a', () => Promise.reject(Object.assign(new Error('refused'), { code })));
    await expect(fail('23505')).rejects.toThrow();
    expect(closed).toEqual([]);
    await expect(fail('26000')).rejects.toThrow();
    expect(closed).toEqual([1]);
  });

  it('are asked for again when the server could not be reached', async () => {
    const { ask, opened } = bench({ most: 1, fails: true });
    expect([await ask('a'), await ask('a'), opened()]).toEqual([false, false, 2]);
  });

  it('are closed with the pool, and not opened after it', async () => {
    const { lanes, ask, closed, opened } = bench({ most: 2 });
    await ask('a');
    await lanes.close();
    expect([closed, await ask('b'), opened()]).toEqual([[1], false, 1]);
  });
});
