import { randomUUID } from 'node:crypto';
import { createLogger } from '@cordon/service';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { cloneStores } from '../../../../testing/stores.ts';
import { runJobs, type JobRunner } from './run-jobs.ts';
import { taskNames, type Task, type TaskList } from './task.ts';

let stores: Awaited<ReturnType<typeof cloneStores>>;
let admin: pg.Pool;
let jobs: JobRunner;
let work: Task = () => Promise.resolve();
const tasks = Object.fromEntries(
  taskNames.map((name) => [name, (target) => work(target)] as const),
) as TaskList;

beforeAll(async () => {
  stores = await cloneStores(['clinical']);
  admin = new pg.Pool({ ...stores.admin('clinical'), max: 2 });
  admin.on('error', () => undefined);
  jobs = await runJobs({
    connection: stores.connection('clinical', 'engine_jobs'),
    tasks,
    logger: createLogger({ app: 'engine', destination: { write: () => undefined } }),
  });
});
afterAll(async () => {
  await jobs.stop();
  await admin.end();
  await stores.drop();
});

const untilTrue = { timeout: 60_000, interval: 50 };

/** What would end the process outside of a test. */
async function collectUnhandled(
  during: (unhandled: readonly unknown[]) => Promise<void>,
): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const collect = (reason: unknown) => void unhandled.push(reason);
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', collect);
  try {
    await during(unhandled);
  } finally {
    process.off('unhandledRejection', collect);
    for (const other of others) process.on('unhandledRejection', other);
  }
  return unhandled;
}

/** Ends every connection of the queue while its answer to a job is under way, as a killed server would. */
async function loseStoreAtAnswer(statement: string, outcome: Task): Promise<void> {
  const holder = await admin.connect();
  const { promise: atWork, resolve: begin } = Promise.withResolvers<undefined>();
  work = async (target) => {
    // What the row waits for is its mark: the library looks for jobs past locked rows.
    await holder.query('BEGIN');
    await holder.query('SELECT FROM graphile_worker._private_jobs FOR UPDATE');
    begin(undefined);
    await outcome(target);
  };
  try {
    await admin.query('SELECT graphile_worker.add_job($1, $2)', [
      'carry-outcomes',
      JSON.stringify({ tenantId: randomUUID() }),
    ]);
    await atWork;
    await vi.waitFor(async () => {
      const { rows } = await admin.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND usename = 'engine_jobs'
         AND wait_event_type = 'Lock' AND query LIKE '%' || $1 || '%'`,
        [statement],
      );
      expect(rows).toHaveLength(1);
    }, untilTrue);
    await admin.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
       WHERE datname = current_database() AND usename = 'engine_jobs'`,
    );
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }
}

it.each([
  ['done', 'delete from', () => Promise.resolve()],
  ['failed', 'last_error', () => Promise.reject(new Error('no'))],
])(
  'a store that goes away while a job is being marked as %s ends no process, and the job is given to a worker again',
  async (_how, statement, outcome: Task) => {
    let runs = 0;
    const unhandled = await collectUnhandled(async (soFar) => {
      await loseStoreAtAnswer(statement, outcome);
      work = () => {
        runs += 1;
        return Promise.resolve();
      };
      await vi.waitFor(async () => {
        if (soFar.length > 0) return;
        await jobs.releaseAbandoned();
        const { rows } = await admin.query<{ left: number }>(
          'SELECT count(*)::int AS left FROM graphile_worker._private_jobs',
        );
        expect({ runs, ...rows[0] }).toEqual({ runs: 1, left: 0 });
      }, untilTrue);
    });
    expect(unhandled).toEqual([]);
  },
);
