/**
 * Objects as a stream of authenticated chunks: AES-256-GCM (NIST SP 800-38D) after the STREAM construction of Hoang,
 * Reyhanitabar, Rogaway and Vizár, "Online authenticated-encryption and its nonce-reuse misuse-resistance" (2015), 7, laid
 * out as in the payload of the age file format: a counter of 11 bytes and a byte that is 1 on the last chunk make the nonce,
 * so that chunks cannot be reordered, dropped, repeated or cut off. Each object has a key of its own, from which HKDF
 * (RFC 5869) takes one bound to the object's place: an object that was moved or swapped does not open.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { ObjectStoreError } from './error.ts';
import type { ObjectPart, ObjectPlace } from './object-store.ts';

const chunkBytes = 64 * 1024;
const tagBytes = 16;
const mostChunks = 65_536;
const algorithm = 'aes-256-gcm';

/** @param key 32 random bytes that seal this object and no other */
export async function* sealObject(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  key: Buffer,
  place: ObjectPlace,
): AsyncGenerator<Buffer> {
  const placed = placeKey(key, place);
  try {
    for await (const { chunk, index, last } of inChunks(content, chunkBytes)) {
      const cipher = createCipheriv(algorithm, placed, nonceOf(index, last));
      yield Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
    }
  } finally {
    placed.fill(0);
  }
}

/** Yields nothing of a chunk that is not authentic. @throws ObjectStoreError `object-damaged` */
export async function* openObject(
  sealed: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  key: Buffer,
  place: ObjectPlace,
): AsyncGenerator<Buffer> {
  const placed = placeKey(key, place);
  try {
    for await (const { chunk, index, last } of inChunks(sealed, chunkBytes + tagBytes)) {
      yield openChunk(chunk, placed, nonceOf(index, last));
    }
  } finally {
    placed.fill(0);
  }
}

/** Bytes of the content, both ends included, as in RFC 9110, 14.1.2. */
export interface ContentRange {
  readonly first: number;
  readonly last: number;
}

/**
 * A part of an object's content, of whose chunks only those are read that hold it. What is yielded is as authentic as the whole:
 * its place, its order, and where the object ends.
 * @param size bytes of the whole content
 * @throws ObjectStoreError `object-damaged`, also where the object is shorter than it must be
 */
export async function* openObjectRange(
  read: (part: ObjectPart) => Promise<AsyncIterable<Uint8Array>>,
  key: Buffer,
  place: ObjectPlace,
  size: number,
  range: ContentRange,
): AsyncGenerator<Buffer> {
  const placed = placeKey(key, place);
  const from = Math.floor(range.first / chunkBytes);
  const to = Math.floor(range.last / chunkBytes);
  const final = Math.max(0, Math.ceil(size / chunkBytes) - 1);
  const sealedChunk = chunkBytes + tagBytes;
  const end = to === final ? size + (final + 1) * tagBytes : (to + 1) * sealedChunk;
  let at = from;
  try {
    const part = await read({ start: from * sealedChunk, length: end - from * sealedChunk });
    for await (const { chunk } of inChunks(part, sealedChunk)) {
      const opened = openChunk(chunk, placed, nonceOf(at, at === final));
      const base = at * chunkBytes;
      yield opened.subarray(Math.max(0, range.first - base), Math.min(opened.length, range.last + 1 - base));
      at += 1;
    }
    if (at !== to + 1) throw new ObjectStoreError('object-damaged', { detail: 'the object is too short' });
  } finally {
    placed.fill(0);
  }
}

function openChunk(chunk: Buffer, key: Buffer, nonce: Buffer): Buffer {
  try {
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(chunk.subarray(-tagBytes));
    return Buffer.concat([decipher.update(chunk.subarray(0, -tagBytes)), decipher.final()]);
  } catch (cause) {
    throw new ObjectStoreError('object-damaged', { cause });
  }
}

const placeKey = (key: Buffer, { tenantId, objectId }: ObjectPlace): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', `cordon object ${tenantId} ${objectId}`, 32));

function nonceOf(index: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(index, 5, 6);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** Chunks of one size; only the last may be shorter, and it is empty only where there is nothing at all. */
async function* inChunks(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ chunk: Buffer; index: number; last: boolean }> {
  let held = Buffer.alloc(0);
  let index = 0;
  for await (const piece of source) {
    held = Buffer.concat([held, piece]);
    while (held.length > size) {
      if (index >= mostChunks) throw new ObjectStoreError('object-damaged', { detail: 'too many chunks' });
      yield { chunk: held.subarray(0, size), index, last: false };
      held = held.subarray(size);
      index += 1;
    }
  }
  yield { chunk: held, index, last: true };
}
