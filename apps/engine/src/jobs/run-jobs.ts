import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isPublicError, type Logger } from '@cordon/service';
import { Logger as WorkerLogger, run, type Runner, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { z } from 'zod';
import { taskNames, type JobTarget, type TaskList, type TaskName } from './task.ts';

export interface JobRunner {
  /** Gives back the jobs of processes that are gone; the queue itself would keep them for four hours. */
  releaseAbandoned(): Promise<void>;
  stop(): Promise<void>;
}

/** What leaves the machine or takes long has workers of its own: a slow vendor must not hold an escalation up. */
const slowTasks: readonly TaskName[] = [
  'notify-alert',
  'notify-break-glass',
  'make-thumbnail',
  'sweep-objects',
  'carry-lead-outcomes',
  'sweep-served',
  'sweep-transcripts',
  'settle-intents',
];
const payload = z.strictObject({ tenantId: z.uuid(), resourceId: z.uuid().optional() });
const pollMs = 1_000;
const beaconPrefix = 'cordon jobs ';

/**
 * Works the queue under the jobs' login role. Its connections are in no context: they see ids of jobs and of tenants, and
 * no other row. Each task enters its own tenant's sealed context.
 */
export async function runJobs(options: {
  readonly connection: pg.ClientConfig;
  readonly tasks: TaskList;
  readonly logger: Logger;
}): Promise<JobRunner> {
  const { logger } = options;
  const pool = new pg.Pool({ ...options.connection, max: 8 });
  const warn = (error: unknown) => {
    logger.warn('connection lost', { store: 'clinical', component: 'jobs', err: error });
  };
  pool.on('error', warn);
  pool.on('connect', (client) => client.on('error', warn));
  const stopping = new AbortController();
  const groups: { names: readonly TaskName[]; concurrency: number; poolId: string; runner?: Runner }[] = [
    { names: taskNames.filter((name) => !slowTasks.includes(name)), concurrency: 3, poolId: '' },
    { names: slowTasks, concurrency: 2, poolId: '' },
  ];

  async function start(group: (typeof groups)[number]): Promise<Runner> {
    const events = new EventEmitter() as WorkerEvents;
    events.on('pool:create', ({ workerPool }) => {
      group.poolId = workerPool.id;
    });
    return run({
      pgPool: pool,
      events,
      concurrency: group.concurrency,
      pollInterval: pollMs,
      noHandleSignals: true,
      // A name would let SQL that got into a connection prepare it anew.
      noPreparedStatements: true,
      // Without a delay, be it of 0 ms, the library awaits neither answer, and a store that goes away just then ends the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      parsedCronItems: [],
      logger: tellWarnings(logger),
      taskList: Object.fromEntries(group.names.map((name) => [name, guarded(name, options.tasks, logger)])),
    });
  }

  /** The library's workers give up after some errors in a row, such as those of a store that is away for a while. */
  async function keepRunning(group: (typeof groups)[number]): Promise<void> {
    for (;;) {
      await group.runner?.promise.catch(warn);
      // Rejects when it is time to stop.
      const go = await sleep(pollMs, true, { signal: stopping.signal }).catch(() => false);
      if (!go) return;
      try {
        group.runner = await start(group);
      } catch (error) {
        warn(error);
      }
    }
  }

  let beacon: pg.PoolClient | undefined;
  /** A connection that says which workers live here: it ends with the process, however that ends. */
  async function lightBeacon(): Promise<void> {
    if (beacon === undefined) {
      const client = await pool.connect();
      beacon = client;
      client.once('end', () => {
        if (beacon !== client) return;
        beacon = undefined;
        client.release(true);
      });
    }
    const name = beaconPrefix + groups.map((group) => group.poolId).join(' ');
    await beacon.query("SELECT set_config('application_name', $1, false)", [name]);
  }

  async function releaseAbandoned(): Promise<void> {
    await lightBeacon();
    await pool.query(
      `SELECT graphile_worker.force_unlock_workers(gone.ids)
       FROM (SELECT array_agg(DISTINCT j.locked_by) AS ids FROM graphile_worker.jobs j
         WHERE j.locked_at < now() - interval '2 seconds' AND NOT EXISTS (SELECT FROM pg_stat_activity a
           WHERE a.usename = current_user AND a.application_name LIKE $1 || '%' || j.locked_by || '%')) AS gone
       WHERE gone.ids IS NOT NULL`,
      [beaconPrefix],
    );
  }

  let kept: Promise<unknown> = Promise.resolve();
  async function stop(): Promise<void> {
    stopping.abort();
    // A group whose workers gave up has stopped already, and says so with an error.
    await Promise.allSettled(groups.map(async (group) => group.runner?.stop()));
    await kept;
    const last = beacon;
    beacon = undefined;
    last?.release(true);
    await pool.end();
  }

  try {
    for (const group of groups) group.runner = await start(group);
    await releaseAbandoned();
  } catch (error) {
    await stop();
    throw error;
  }
  kept = Promise.all(groups.map(keepRunning));
  return { releaseAbandoned, stop };
}

/** The queue keeps the message of what a task throws, so it gets a code and nothing else. */
function guarded(name: TaskName, tasks: TaskList, logger: Logger) {
  return async (given: unknown): Promise<void> => {
    const target: JobTarget = payload.parse(given);
    try {
      await tasks[name](target);
    } catch (error) {
      logger.warn('job failed', { component: 'jobs', action: name, tenantId: target.tenantId, err: error });
      const code = isPublicError(error) ? error.code : 'job-failed';
      throw new Error(code, { cause: error });
    }
  };
}

function tellWarnings(logger: Logger): WorkerLogger {
  // Its messages are not ours to judge: they stay out of the log, like those of every error.
  return new WorkerLogger(() => (level, _message, meta) => {
    if (level === 'error' || level === 'warning')
      logger.warn('job queue', { component: 'jobs', err: meta['error'] });
  });
}
