import { parentPort, workerData } from 'node:worker_threads';
import pg, { type ClientConfig } from 'pg';
import { checkLeaves, copyLeaves, type LeafRange } from './read-leaves.ts';

/** Two connections: the server reads the next batch on one while that of the other is hashed here. */
const clients = [new pg.Client(workerData as ClientConfig), new pg.Client(workerData as ClientConfig)];
const free = clients.map((client) => client.connect().then(() => client));
let next = 0;

function read(range: LeafRange): Promise<Buffer> {
  const place = next % free.length;
  next += 1;
  const reading = (free[place] ?? Promise.reject(new Error('no connection'))).then(async (client) => ({
    client,
    bytes: await copyLeaves(client, range),
  }));
  free[place] = reading.then(({ client }) => client);
  free[place].catch(() => undefined);
  return reading.then(({ bytes }) => bytes);
}

async function answer(turn: number, reading: Promise<Buffer>): Promise<void> {
  const batch = checkLeaves(await reading);
  const { indexes, entryIds, leafHashes, states, times } = batch;
  parentPort?.postMessage({ turn, batch }, [
    indexes.buffer as ArrayBuffer,
    entryIds.buffer as ArrayBuffer,
    leafHashes.buffer as ArrayBuffer,
    states.buffer as ArrayBuffer,
    times.buffer as ArrayBuffer,
  ]);
}

// Answered one after the other. What fails is an error of the thread, told to whoever waits.
let last = Promise.resolve();
parentPort?.on('message', ({ turn, range }: { turn: number; range: LeafRange }) => {
  const reading = read(range);
  reading.catch(() => undefined);
  last = last.then(() => answer(turn, reading));
});
