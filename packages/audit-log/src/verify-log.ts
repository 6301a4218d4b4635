import { CompactRange } from '@cordon/transparency-log';
import type { Finding } from './findings.ts';
import { hashEntry } from './leaf.ts';
import { nameFirstFault, type PublishedLeaf } from './name-fault.ts';
import type { LeafRow, LeafSource, TrustedCheckpoint } from './sources.ts';
import { watchStream } from './watch-stream.ts';

export interface VerifyOptions {
  readonly source: LeafSource;
  /** Of the log itself, of its copies, and those that somebody kept elsewhere. */
  readonly checkpoints: readonly TrustedCheckpoint[];
  /** Leaves of the published tree, verified against the newest checkpoint. Absent: the fault is named by range only. */
  readonly publishedLeaf?: PublishedLeaf | undefined;
}

export interface VerifyReport {
  readonly entries: number;
  readonly checkpoints: number;
  /** Entries whose month was dropped by retention: their leaves alone are left. */
  readonly expired: number;
  /** The first forgery, then the rest in the order of the log; at most a hundred. */
  readonly findings: readonly Finding[];
}

const mostFindings = 100;

/**
 * Goes once through the log: rows against leaves, leaves against the tree, the tree against every checkpoint. Only when
 * something is wrong does it go a second time, to find which leaf it was.
 */
export async function verifyLog(options: VerifyOptions): Promise<VerifyReport> {
  const findings: Finding[] = [];
  const add = (...found: readonly Finding[]): void => {
    findings.push(...found.slice(0, Math.max(0, mostFindings - findings.length)));
  };
  const checkpoints = [...options.checkpoints].sort((one, other) => one.size - other.size);
  add(...findContradictions(checkpoints));

  const tree = new CompactRange();
  const watch = watchStream();
  let next = 0;
  let expected = 0;
  let expired = 0;
  let lastGood = 0;
  let broken: { from: number; to: TrustedCheckpoint } | undefined;
  for await (const batch of options.source.leaves())
    for (const leaf of batch) {
      if (leaf.index !== expected)
        add({
          kind: 'renumbered',
          index: expected,
          entryId: leaf.entryId,
          detail: `leaf ${leaf.index} stands where leaf ${expected} should`,
        });
      expected = leaf.index + 1;
      if (leaf.row === 'expired') expired += 1;
      if (findings.length < mostFindings) add(...checkRow(leaf), ...watch.see(leaf));
      tree.append(leaf.leafHash);
      for (; checkpoints[next]?.size === tree.size; next += 1) {
        const checkpoint = checkpoints[next];
        if (checkpoint === undefined || broken !== undefined) continue;
        if (Buffer.compare(tree.root(), checkpoint.root) === 0) lastGood = checkpoint.size;
        else broken = { from: lastGood, to: checkpoint };
      }
    }
  const largest = checkpoints.at(-1);
  if (largest !== undefined && largest.size > tree.size)
    add({
      kind: 'rolled-back',
      index: tree.size,
      entryId: null,
      detail: `the store has ${tree.size} leaves; ${largest.source} is signed over ${largest.size}`,
    });
  if (broken !== undefined)
    findings.unshift(await nameFirstFault(options.source, broken.from, broken.to, options.publishedLeaf));
  for (const row of await options.source.rowsWithoutLeaf()) add(watch.judgeWithoutLeaf(row));
  add(...watch.end(options.source.until));
  return { entries: tree.size, expired, checkpoints: checkpoints.length, findings: findings.sort(byPlace) };
}

function checkRow({ row, index, entryId, leafHash }: LeafRow): Finding[] {
  if (row === 'expired') return [];
  if (row === null) return [{ kind: 'removed', index, entryId, detail: `leaf ${index} has no row` }];
  const fits = row !== 'unreadable' && Buffer.compare(hashEntry(row.salt, row.entry), leafHash) === 0;
  if (fits) return [];
  return [{ kind: 'changed', index, entryId, detail: `the row does not give the hash of leaf ${index}` }];
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
