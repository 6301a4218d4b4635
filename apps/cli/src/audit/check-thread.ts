import { parentPort, workerData } from 'node:worker_threads';
import pg, { type ClientConfig } from 'pg';
import { readLeafBatch, type LeafRange } from './read-leaves.ts';

const client = new pg.Client(workerData as ClientConfig);
const connected = client.connect();

async function answer({ turn, range }: { turn: number; range: LeafRange }): Promise<void> {
  await connected;
  const batch = await readLeafBatch(client, range);
  const { indexes, leafHashes, states } = batch;
  parentPort?.postMessage({ turn, batch }, [
    indexes.buffer as ArrayBuffer,
    leafHashes.buffer as ArrayBuffer,
    states.buffer as ArrayBuffer,
  ]);
}

// One after the other, as a connection answers. What fails is an error of the thread, told to whoever waits.
let last = Promise.resolve();
parentPort?.on('message', (message: { turn: number; range: LeafRange }) => {
  last = last.then(() => answer(message));
});
