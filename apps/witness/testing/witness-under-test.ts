import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@cordon/service';
import {
  formatWitnessRequest,
  generateSigningKey,
  hashLeaf,
  proveConsistency,
  signCheckpoint,
  TileBuilder,
  TileReader,
} from '@cordon/transparency-log';
import { startWitness } from '../src/start-witness.ts';

export const logKey = generateSigningKey('cordon.test/log');
export const key = generateSigningKey('witness.test/w1', 'cosignature');
const logger = createLogger({ app: 'witness', destination: { write: () => undefined } });

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** A witness of one log, with a folder of its own. */
export interface WitnessUnderTest {
  readonly folder: string;
  /** Starts it, or another process's worth of it. */
  start(): Promise<void>;
  stop(): Promise<void>;
  post(body: string | Uint8Array<ArrayBuffer>): Promise<Answer>;
  close(): Promise<void>;
}

export async function startWitnessUnderTest(): Promise<WitnessUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-witness-'));
  const logs = new Map([['cordon.test/log', [logKey.verifierKey]]]);
  const start = () => startWitness({ host: '127.0.0.1', port: 0, key, logs, folder }, logger);
  let running = await start();
  return {
    folder,
    async start() {
      running = await start();
    },
    async stop() {
      await running.close();
    },
    async post(body) {
      const response = await fetch(`${running.url}/add-checkpoint`, { method: 'POST', body });
      return {
        status: response.status,
        type: response.headers.get('content-type') ?? '',
        text: await response.text(),
      };
    },
    async close() {
      await running.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A log of so many entries; another `history` is another log under the same key. */
export function buildLog(size: number, history = 'a', signer = logKey) {
  const builder = new TileBuilder();
  const files = new Map<string, Uint8Array>();
  for (let index = 0; index < size; index += 1) builder.append(hashLeaf(Buffer.from(`${history} ${index}`)));
  for (const { path, bytes } of builder.drain()) files.set(path, bytes);
  const root = builder.root();
  const reader = new TileReader({ size, root, readTile: (path) => Promise.resolve(files.get(path)) });
  const checkpoint = signCheckpoint({ origin: signer.verifierKey.name, size, root, extensions: [] }, [
    signer,
  ]);
  const proofFrom = async (oldSize: number) => (oldSize === 0 ? [] : await proveConsistency(reader, oldSize));
  const request = async (oldSize: number) =>
    formatWitnessRequest({ oldSize, proof: await proofFrom(oldSize), checkpoint });
  return { checkpoint, proofFrom, request };
}
