import { parentPort, workerData } from 'node:worker_threads';
import pg, { type ClientConfig } from 'pg';
import { checkLeafLines, readLeafLines, type LeafLines, type LeafRange } from './read-leaves.ts';

/** Two connections: the server reads the next batch on one while that of the other is hashed here. */
const clients = [new pg.Client(workerData as ClientConfig), new pg.Client(workerData as ClientConfig)];
const free = clients.map((client) => client.connect().then(() => client));
let next = 0;

function read(range: LeafRange): Promise<LeafLines> {
  const place = next % free.length;
  next += 1;
  const reading = (free[place] ?? Promise.reject(new Error('no connection'))).then(async (client) => ({
    client,
    lines: await readLeafLines(client, range),
  }));
  free[place] = reading.then(({ client }) => client);
  free[place].catch(() => undefined);
  return reading.then(({ lines }) => lines);
}

async function answer(turn: number, reading: Promise<LeafLines>): Promise<void> {
  const batch = checkLeafLines(await reading);
  const { indexes, leafHashes, states } = batch;
  parentPort?.postMessage({ turn, batch }, [
    indexes.buffer as ArrayBuffer,
    leafHashes.buffer as ArrayBuffer,
    states.buffer as ArrayBuffer,
  ]);
}

// Answered one after the other. What fails is an error of the thread, told to whoever waits.
let last = Promise.resolve();
parentPort?.on('message', ({ turn, range }: { turn: number; range: LeafRange }) => {
  const reading = read(range);
  reading.catch(() => undefined);
  last = last.then(() => answer(turn, reading));
});
