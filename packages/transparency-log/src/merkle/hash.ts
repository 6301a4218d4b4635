import { hash } from 'node:crypto';
import { types } from 'node:util';
import { TransparencyLogError } from '../error.ts';

export const HASH_BYTES = 32;

/** RFC 6962, section 2.1: the hash of the empty tree is SHA-256 of nothing. */
export function emptyRoot(): Uint8Array {
  return Buffer.from(hash('sha256', '', 'hex'), 'hex');
}

const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

// One-shot hash() with a one-byte-per-character string as output is three times as fast as one with a Buffer
// (measured on Node 24), and the scratch areas save an allocation a hash. Both calls are synchronous, so the
// areas are never shared by two computations at once.
const leafScratch = Buffer.alloc(4097);
leafScratch[0] = LEAF_PREFIX;
const nodeScratch = Buffer.alloc(1 + 2 * HASH_BYTES);
nodeScratch[0] = NODE_PREFIX;

function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'binary');
}

/** SHA-256 of a domain-separated message that the caller has put together. */
export function hashBytes(bytes: Uint8Array): Uint8Array {
  const digest = Buffer.allocUnsafe(HASH_BYTES);
  digest.write(sha256(bytes), 'latin1');
  return digest;
}

/** Leaf hash of one entry: SHA-256(0x00 || entry). RFC 6962, section 2.1. */
export function hashLeaf(entry: Uint8Array): Uint8Array {
  assertBytes(entry);
  const length = entry.length + 1;
  const message = length <= leafScratch.length ? leafScratch.subarray(0, length) : Buffer.alloc(length);
  message.set(entry, 1);
  return hashBytes(message);
}

/** Hash of an inner node: SHA-256(0x01 || left || right). RFC 6962, section 2.1. */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  assertHash(left);
  assertHash(right);
  nodeScratch.set(left, 1);
  nodeScratch.set(right, 1 + HASH_BYTES);
  return hashBytes(nodeScratch);
}

/**
 * Hashes two neighbouring hashes in `nodes` and writes the parent at byte `target` of the same buffer.
 * The caller answers for the bounds; this is the inner loop of tiles.
 */
export function hashPairWithin(nodes: Buffer, pair: number, target: number): void {
  nodes.copy(nodeScratch, 1, pair, pair + 2 * HASH_BYTES);
  nodes.write(sha256(nodeScratch), target, HASH_BYTES, 'latin1');
}

/**
 * Replaces the hash at `right` by the parent of the one at `left` and itself. Same duties as hashPairWithin;
 * this is the inner loop of the compact range.
 */
export function foldLeft(left: Buffer, leftAt: number, right: Buffer): void {
  left.copy(nodeScratch, 1, leftAt, leftAt + HASH_BYTES);
  right.copy(nodeScratch, 1 + HASH_BYTES, 0, HASH_BYTES);
  right.write(sha256(nodeScratch), 0, HASH_BYTES, 'latin1');
}

/** Callers in plain JavaScript may pass a string, which would be copied as zeroes without a word. */
export function assertBytes(value: Uint8Array): void {
  if (!types.isUint8Array(value)) throw new TransparencyLogError('entry-invalid');
}

export function assertHash(value: Uint8Array): void {
  if (!types.isUint8Array(value) || value.length !== HASH_BYTES) {
    throw new TransparencyLogError('hash-invalid', { detail: `${value.length} bytes` });
  }
}

/** Hashes in a log are public: a plain comparison is right. */
export function hashesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === HASH_BYTES && b.length === HASH_BYTES && Buffer.compare(a, b) === 0;
}
