import { createLogger } from '@cordon/service';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { StoreClones } from '@cordon/stores/testing';
import { cloneStores } from '../../../testing/stores.ts';
import { openPool } from './open-pool.ts';

let clones: StoreClones;
let pool: Pool;
let admin: Pool;
beforeAll(async () => {
  clones = await cloneStores(['identity']);
  const logger = createLogger({ app: 'identity', destination: { write: () => undefined } });
  pool = openPool({
    config: clones.connection('identity', 'identity_app'),
    max: 4,
    shared: 2,
    store: 'identity',
    logger,
  });
  admin = new Pool({ ...clones.admin('identity'), max: 1 });
});
afterAll(async () => {
  await pool.end();
  await admin.end();
  await clones.drop();
});

const backendOf = async (n: number) => {
  const { rows } = await pool.query<{ pid: number; n: number }>(
    'SELECT pg_backend_pid() AS pid, $1::int AS n',
    [n],
  );
  return rows[0];
};
const backends = async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => backendOf(n)));
  expect(answers.map((each) => each?.n)).toEqual(answers.map((_, n) => n));
  return [...new Set(answers.map((each) => each?.pid))];
};

describe('statements that share connections', () => {
  it('each get their own answer, from as many connections as were asked for', async () => {
    expect(await backends()).toHaveLength(2);
  });

  it('fail alone: what stands before and behind a refused one is answered', async () => {
    const asked = Array.from({ length: 12 }, (_, n) =>
      n % 3 === 1 ? pool.query('SELECT 1 / $1::int', [0]) : pool.query('SELECT $1::int AS n', [n]),
    );
    const answers = await Promise.allSettled(asked);
    expect(answers.map(({ status }) => status === 'fulfilled')).toEqual(asked.map((_, n) => n % 3 !== 1));
  });

  it('leave transactions a connection of their own', async () => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      expect(await backends()).not.toContain(rows[0]?.pid);
      await client.query('ROLLBACK');
    } finally {
      client.release();
    }
  });

  it('go on over new connections when the server has ended theirs', async () => {
    const before = await backends();
    await admin.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [before]);
    const after = await vi.waitFor(backends, { timeout: 30_000 });
    expect(after).toHaveLength(2);
    for (const pid of after) expect(before).not.toContain(pid);
  });
}); // prettier-ignore
