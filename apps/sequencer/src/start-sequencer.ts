import { openLogFolder, type LogPlace } from '@cordon/audit-log';
import { entrySession } from '@cordon/audit-log/postgres';
import { isPublicError, type Closable, type Logger } from '@cordon/service';
import pg from 'pg';
import { SequencerError } from './error.ts';
import {
  keepCheckpoint,
  readLeafHashes,
  readState,
  sequencePass,
  type SequencerConnections,
} from './leaf-store.ts';
import { bringCopyUpToDate, takeUpLog } from './published-log.ts';
import { openLogBucket } from './log-bucket.ts';
import { createPublishPace } from './publish-pace.ts';
import { createRetention } from './retention.ts';
import type { SequencerSettings } from './settings.ts';
import { createCosign } from './witnesses.ts';

export interface SequencerOptions {
  /** How long it waits between two looks. Half of what entries may be behind, with room for the work. Default 500. */
  readonly pollMs?: number;
  /** How often a checkpoint is kept for good. Default 60,000. */
  readonly keepEveryMs?: number;
  readonly batchSize?: number;
  /** How often it looks for months that have expired. Default a day. */
  readonly retentionEveryMs?: number;
}

/** Any two numbers that nobody else locks in this database. */
const turn = 'pg_try_advisory_lock(7402, 1)';

/**
 * Sequences until it is closed. A lost connection, a stopped store or another sequencer end a session, and the next one
 * begins with what the store then says; nothing is carried over in memory.
 */
export function startSequencer(
  settings: SequencerSettings,
  logger: Logger,
  options: SequencerOptions = {},
): Closable {
  const pollMs = options.pollMs ?? 500;
  const stop = new AbortController();
  const ended = (): boolean => stop.signal.aborted;
  const run = async (): Promise<void> => {
    while (!ended()) {
      try {
        await runSession(settings, logger, { ...options, pollMs }, stop.signal);
      } catch (error) {
        if (ended()) return;
        logger.error('sequencing interrupted', {
          err: error,
          ...(isPublicError(error) && { code: error.code }),
        });
      }
      await pause(pollMs, stop.signal);
    }
  };
  const running = run();
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}

async function runSession(
  settings: SequencerSettings,
  logger: Logger,
  options: SequencerOptions & { pollMs: number },
  signal: AbortSignal,
): Promise<void> {
  const connections = { reader: openClient(settings), writer: openClient(settings) };
  const clients = Object.values(connections);
  try {
    await Promise.all(clients.map((client) => client.connect()));
    // The lock spares two sequencers the trouble; what keeps them from harm is the leaf's number, a primary key.
    while (!(await tryTurn(connections.writer))) {
      await pause(options.pollMs, signal);
      if (signal.aborted) return;
    }
    await sequence(connections, settings, logger, options, signal);
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
}

function openClient(settings: SequencerSettings): pg.Client {
  const client = new pg.Client({ ...settings.database, options: entrySession, statement_timeout: 60_000 });
  // A connection that breaks while nothing is asked says so here; the next statement then fails.
  client.on('error', () => undefined);
  return client;
}

async function tryTurn(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ mine: boolean }>(`SELECT ${turn} AS mine`);
  return rows[0]?.mine === true;
}

async function sequence(
  connections: SequencerConnections,
  settings: SequencerSettings,
  logger: Logger,
  options: SequencerOptions & { pollMs: number },
  signal: AbortSignal,
): Promise<void> {
  const { reader, writer } = connections;
  const place = openLogFolder(settings.folder);
  const copies = [...settings.copies.map(openLogFolder), ...settings.buckets.map(openLogBucket)];
  const cosign = createCosign(place, settings.witnesses, logger);
  let state = await readState(reader);
  const log = await takeUpLog(place, settings.signingKey, state.size, (from, count) =>
    readLeafHashes(reader, from, count),
  );
  let keptAt = -Infinity;
  let keptSize = 0;
  let publishedSize = 0;
  const retention = createRetention(
    writer,
    { keepYears: settings.keepYears, everyMs: options.retentionEveryMs },
    logger,
  );
  // A month is dropped only once its checkpoint lies in every place that was named.
  const copied = { everywhere: false };
  logger.info('sequencing', { count: state.size });

  const publish = async (horizon: string): Promise<void> => {
    const size = log.builder.size;
    // A month that is announced waits for its checkpoint.
    const due = retention.waiting || performance.now() - keptAt >= (options.keepEveryMs ?? 60_000);
    const keep = size > keptSize && (due || signal.aborted);
    if (size === 0 || (size === publishedSize && !keep)) return;
    const note = await log.publish(keep, cosign);
    publishedSize = size;
    if (keep) {
      await keepCheckpoint(writer, size, note, horizon);
      keptAt = performance.now();
      keptSize = size;
    }
    const everywhere = await copyEverywhere(place, copies, { size, note, keep }, settings, logger);
    if (keep) copied.everywhere = everywhere;
  };

  const pace = createPublishPace(() => publish(state.horizon));

  for (;;) {
    const pass = sequencePass(connections, state, options.batchSize ?? 5_000);
    for (let step = await pass.next(); ; step = await pass.next()) {
      state = step.value;
      if (step.done === true) break;
      for (const hash of step.value.leafHashes) log.builder.append(hash);
      pace.offer();
    }
    await pace.settle();
    if (signal.aborted) return;
    await retention.step(copied.everywhere);
    await pause(options.pollMs, signal);
  }
}

/** A copy that is away is behind, and says so in the log; it does not hold up the others. True: all are up to date. */
async function copyEverywhere(
  place: LogPlace,
  copies: readonly LogPlace[],
  head: { size: number; note: string; keep: boolean },
  { signingKey }: SequencerSettings,
  logger: Logger,
): Promise<boolean> {
  let everywhere = true;
  for (const copy of copies)
    try {
      await bringCopyUpToDate(place, copy, head.size, head.note, head.keep, signingKey);
    } catch (error) {
      if (error instanceof SequencerError && error.code !== 'copy-unavailable') throw error;
      everywhere = false;
      logger.warn('a copy of the log is behind', { component: 'publication', err: error });
    }
  return everywhere;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
