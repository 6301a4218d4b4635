import type { Finding } from './findings.ts';
import { entryIdAt, leafHashAt, type LeafBatch } from './leaf-batch.ts';
import type { LeafSource, TrustedCheckpoint } from './sources.ts';

/** The hash of a leaf in the signed tree. */
export type PublishedLeaf = (index: number) => Promise<Uint8Array>;

/** How far a moved leaf is looked for. */
const neighbourhood = 10_000;

/**
 * The store's leaves give another root than the checkpoint: finds the first leaf that the signed tree does not have in
 * that place, and says what became of it.
 * @param from size up to which an earlier checkpoint has proven the leaves
 */
export async function nameFirstFault(
  source: LeafSource,
  from: number,
  checkpoint: TrustedCheckpoint,
  publishedLeaf: PublishedLeaf | undefined,
): Promise<Finding> {
  const range = `leaves ${from} to ${checkpoint.size - 1} do not give the root that ${checkpoint.source} signs`;
  if (publishedLeaf === undefined) return { kind: 're-hashed', index: from, entryId: null, detail: range };
  let position = 0;
  for await (const batch of source.leaves()) {
    for (let column = 0; column < batch.count && position < checkpoint.size; column += 1) {
      if (position >= from && !(await sameAs(publishedLeaf, position, leafHashAt(batch, column))))
        return describe(position, { batch, column }, checkpoint.size, publishedLeaf);
      position += 1;
    }
  }
  return {
    kind: 'forked',
    index: from,
    entryId: null,
    detail: `${range}, and the published tree has these very leaves: two histories were signed`,
  };
}

async function sameAs(publishedLeaf: PublishedLeaf, index: number, hash: Uint8Array): Promise<boolean> {
  return Buffer.compare(await publishedLeaf(index), hash) === 0;
}

async function describe(
  index: number,
  { batch, column }: { batch: LeafBatch; column: number },
  size: number,
  publishedLeaf: PublishedLeaf,
): Promise<Finding> {
  const entryId = entryIdAt(batch, column);
  const stored = leafHashAt(batch, column);
  const storedAgain = standsLater(batch, column, await publishedLeaf(index));
  let signedAt: number | undefined;
  for (let other = index + 1; other < Math.min(size, index + neighbourhood); other += 1)
    if (await sameAs(publishedLeaf, other, stored)) {
      signedAt = other;
      break;
    }
  if (storedAgain && signedAt !== undefined)
    return {
      kind: 'reordered',
      index,
      entryId,
      detail: `leaf ${signedAt} of the signed tree stands at ${index}`,
    };
  if (storedAgain)
    return {
      kind: 'inserted',
      index,
      entryId,
      detail: `the signed tree has no such leaf; its leaf ${index} comes later`,
    };
  if (signedAt !== undefined)
    return {
      kind: 'removed',
      index,
      entryId: null,
      detail: `leaf ${index} of the signed tree is gone, and the rest moved up`,
    };
  return { kind: 're-hashed', index, entryId, detail: `leaf ${index} is not the one of the signed tree` };
}

function standsLater(batch: LeafBatch, column: number, signed: Uint8Array): boolean {
  for (let other = column + 1; other < Math.min(batch.count, column + neighbourhood); other += 1)
    if (Buffer.compare(leafHashAt(batch, other), signed) === 0) return true;
  return false;
}
