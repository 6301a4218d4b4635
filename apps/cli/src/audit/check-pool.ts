import { Worker } from 'node:worker_threads';
import type { LeafBatch } from '@cordon/audit-log';
import type { ClientConfig } from 'pg';
import type { LeafRange } from './read-leaves.ts';

/** Batches that may wait to be taken, for each thread. */
const ahead = 3;

interface Pending {
  readonly resolve: (batch: LeafBatch) => void;
  readonly reject: (error: unknown) => void;
}

export interface ThreadAnswer {
  readonly turn: number;
  readonly batch: LeafBatch;
}

/**
 * Reads and checks batches in threads, each with a connection of its own, and yields them in order. Hashing a row costs
 * about as much as reading it, and the server has a process for each connection: both sides use as many cores.
 */
export async function* checkInThreads(
  database: ClientConfig,
  count: number,
  ranges: readonly LeafRange[],
): AsyncGenerator<LeafBatch> {
  const pending = new Map<number, Pending>();
  const threads = Array.from({ length: count }, () => startThread(database, pending));
  const coming: Promise<LeafBatch>[] = [];
  let sent = 0;
  const send = (): void => {
    const range = ranges[sent];
    if (range === undefined) return;
    const turn = sent;
    sent += 1;
    const answer = new Promise<LeafBatch>((resolve, reject) => pending.set(turn, { resolve, reject }));
    answer.catch(() => undefined);
    coming.push(answer);
    threads[turn % count]?.postMessage({ turn, range });
  };
  try {
    for (let turn = 0; turn < count * ahead; turn += 1) send();
    for (let next = coming.shift(); next !== undefined; next = coming.shift()) {
      const batch = await next;
      send();
      yield batch;
    }
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function startThread(database: ClientConfig, pending: Map<number, Pending>): Worker {
  const thread = new Worker(new URL('./check-thread.ts', import.meta.url), {
    workerData: database,
    // Not those of this process: a thread refuses flags of the engine such as --expose-gc.
    execArgv: ['--conditions=cordon-source'],
  });
  thread.on('message', ({ turn, batch }: ThreadAnswer) => {
    pending.get(turn)?.resolve(batch);
    pending.delete(turn);
  });
  const fail = (error: unknown): void => {
    for (const each of pending.values()) each.reject(error);
    pending.clear();
  };
  thread.on('error', fail);
  thread.on('exit', () => {
    fail(new Error('a thread that checks leaves has ended'));
  });
  return thread;
}
