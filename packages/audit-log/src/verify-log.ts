import { CompactRange } from '@cordon/transparency-log';
import type { Finding } from './findings.ts';
import { entryIdAt, rowState, type LeafBatch } from './leaf-batch.ts';
import { nameFirstFault, type PublishedLeaf } from './name-fault.ts';
import type { LeafSource, TrustedCheckpoint } from './sources.ts';
import { watchExpired } from './watch-expired.ts';
import { watchStream } from './watch-stream.ts';

export interface VerifyOptions {
  /** The store itself, or an export of it. */
  readonly source: LeafSource;
  /** Of the log itself, of its copies, and those that somebody kept elsewhere. */
  readonly checkpoints: readonly TrustedCheckpoint[];
  /** Leaves of the published tree, verified against the newest checkpoint. Absent: the fault is named by range only. */
  readonly publishedLeaf?: PublishedLeaf | undefined;
}

export interface VerifyReport {
  /** Leaves that were read. */
  readonly entries: number;
  /** Checkpoints that the log was held against. */
  readonly checkpoints: number;
  /** Entries whose month was dropped by retention: their leaves alone are left. */
  readonly expired: number;
  /** Entries of others, which an export for one tenant leaves out: their leaves are in the tree. */
  readonly withheld: number;
  /** The first forgery, then the rest in the order of the log; at most a hundred. */
  readonly findings: readonly Finding[];
}

const mostFindings = 100;

/**
 * Goes once through the log: rows against leaves, leaves against the tree, the tree against every checkpoint. Only when
 * something is wrong does it go a second time, to find which leaf it was. Memory does not grow with the log. What is wrong is a
 * finding; it throws only what the source or `publishedLeaf` throw.
 */
export async function verifyLog(options: VerifyOptions): Promise<VerifyReport> {
  const findings: Finding[] = [];
  const add = (found: readonly Finding[]): void => {
    findings.push(...found.slice(0, Math.max(0, mostFindings - findings.length)));
  };
  const checkpoints = [...options.checkpoints].sort((one, other) => one.size - other.size);
  add(findContradictions(checkpoints));

  const tree = growAgainst(checkpoints);
  const watch = watchStream();
  const months = watchExpired();
  let expected = 0;
  let expired = 0;
  let withheld = 0;
  for await (const batch of options.source.leaves()) {
    for (let position = 0; position < batch.count; position += 1) {
      const index = batch.indexes[position] ?? 0;
      if (index !== expected) add([describeGap(expected, index, entryIdAt(batch, position))]);
      expected = index + 1;
      const state = batch.states[position];
      if (state === rowState.expired) expired += 1;
      else if (state === rowState.withheld) withheld += 1;
      else if (state !== rowState.fits) add([describeRow(batch, position)]);
    }
    add(watch.see(batch));
    months.see(batch);
    tree.grow(batch.leafHashes);
  }
  add(months.end(options.source.until));
  const largest = checkpoints.at(-1);
  if (largest !== undefined && largest.size > tree.size()) add([describeRollback(tree.size(), largest)]);
  const broken = tree.broken();
  if (broken !== undefined)
    findings.unshift(await nameFirstFault(options.source, broken.from, broken.to, options.publishedLeaf));
  add((await options.source.rowsWithoutLeaf()).map((row) => watch.judgeWithoutLeaf(row)));
  add(watch.end(options.source.until));
  return {
    entries: tree.size(),
    expired,
    withheld,
    checkpoints: checkpoints.length,
    findings: findings.sort(byPlace),
  };
}

/** A tree that is asked, at the size of each checkpoint, whether it has the root that was signed. */
function growAgainst(checkpoints: readonly TrustedCheckpoint[]) {
  const tree = new CompactRange();
  let next = 0;
  let lastGood = 0;
  let broken: { from: number; to: TrustedCheckpoint } | undefined;
  return {
    grow(leafHashes: Uint8Array): void {
      for (let at = 0; at < leafHashes.length;) {
        const signedAt = checkpoints[next]?.size ?? Infinity;
        const end = Math.min(leafHashes.length, at + (signedAt - tree.size) * 32);
        tree.appendMany(leafHashes.subarray(at, end));
        at = end;
        for (; checkpoints[next]?.size === tree.size; next += 1) {
          const checkpoint = checkpoints[next];
          if (checkpoint === undefined || broken !== undefined) continue;
          if (Buffer.compare(tree.root(), checkpoint.root) === 0) lastGood = checkpoint.size;
          else broken = { from: lastGood, to: checkpoint };
        }
      }
    },
    size: () => tree.size,
    broken: () => broken,
  };
}

function describeGap(expected: number, index: number, entryId: string): Finding {
  const detail = `leaf ${index} stands where leaf ${expected} should`;
  return { kind: 'renumbered', index: expected, entryId, detail };
}

function describeRow(batch: LeafBatch, position: number): Finding {
  const index = batch.indexes[position] ?? 0;
  const entryId = entryIdAt(batch, position);
  if (batch.states[position] === rowState.removed)
    return { kind: 'removed', index, entryId, detail: `leaf ${index} has no row` };
  return { kind: 'changed', index, entryId, detail: `the row does not give the hash of leaf ${index}` };
}

function describeRollback(size: number, largest: TrustedCheckpoint): Finding {
  const detail = `the store has ${size} leaves; ${largest.source} is signed over ${largest.size}`;
  return { kind: 'rolled-back', index: size, entryId: null, detail };
}

/** Two trees of one size with two roots: whoever holds the key has signed two histories. */
function findContradictions(checkpoints: readonly TrustedCheckpoint[]): Finding[] {
  return checkpoints.flatMap((checkpoint, position) => {
    const earlier = checkpoints[position - 1];
    if (earlier?.size !== checkpoint.size || Buffer.compare(earlier.root, checkpoint.root) === 0) return [];
    const detail = `${earlier.source} and ${checkpoint.source} are both signed, of one size, and differ`;
    return [{ kind: 'forked', index: checkpoint.size, entryId: null, detail }];
  });
}

function byPlace(one: Finding, other: Finding): number {
  return (one.index ?? Infinity) - (other.index ?? Infinity);
}
