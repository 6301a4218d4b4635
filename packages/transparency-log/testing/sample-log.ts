import {
  type ConsistencyClaim,
  type InclusionClaim,
  TransparencyLogError,
  type TransparencyLogErrorCode,
  TileBuilder,
  TileReader,
  hashLeaf,
  verifyConsistency,
  verifyInclusion,
} from '../index.ts';

/** Entry n of the logs that tests build. */
export function sampleEntry(index: number): Uint8Array {
  return Buffer.from(`entry ${index}`);
}

export interface SampleLog {
  readonly files: Map<string, Uint8Array>;
  readonly size: number;
  readonly root: Uint8Array;
  readonly reader: (overrides?: ReadonlyMap<string, Uint8Array | undefined>) => TileReader;
}

/** Builds a log of `size` sample entries, drained at each of the given sizes and at the end, as one publishes it. */
export function buildSampleLog(size: number, drainAt: readonly number[] = []): SampleLog {
  const builder = new TileBuilder();
  const files = new Map<string, Uint8Array>();
  const publish = (): void => {
    for (const { path, bytes } of builder.drain()) files.set(path, bytes);
  };
  for (let index = 0; index < size; index += 1) {
    if (drainAt.includes(index)) publish();
    builder.append(hashLeaf(sampleEntry(index)));
  }
  publish();
  const root = builder.root();
  return {
    files,
    size,
    root,
    reader: (overrides) =>
      new TileReader({
        size,
        root,
        readTile: (path) =>
          Promise.resolve(overrides?.has(path) === true ? overrides.get(path) : files.get(path)),
      }),
  };
}

/** A copy with one bit changed. */
export function flipBit(bytes: Uint8Array, byte: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[byte] = (copy[byte] ?? 0) ^ 1;
  return copy;
}

/** Runs what must be refused and returns the error; anything else it throws, or nothing, fails the test. */
export function refusal(run: () => unknown): TransparencyLogError {
  try {
    run();
  } catch (error) {
    if (error instanceof TransparencyLogError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

export async function asyncRefusal(running: Promise<unknown>): Promise<TransparencyLogError> {
  try {
    await running;
  } catch (error) {
    if (error instanceof TransparencyLogError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

export function refusalCode(run: () => unknown): TransparencyLogErrorCode {
  return refusal(run).code;
}

export function inclusionRefusalCode(claim: InclusionClaim): TransparencyLogErrorCode {
  return refusalCode(() => {
    verifyInclusion(claim);
  });
}

export function consistencyRefusalCode(claim: ConsistencyClaim): TransparencyLogErrorCode {
  return refusalCode(() => {
    verifyConsistency(claim);
  });
}
