import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { decryptCells, encryptCells, generateDataKey } from '@cordon/field-encryption';
import type pg from 'pg';
import { createKeyCache } from '../../apps/engine/src/keys/key-cache.ts';
import { formatCount, ratePerSecond, type BenchRow } from '../row.ts';

const batch = 1_000;

/** 32 bytes each, opened in the database through the driver, beside as many opened by Node's AES-256-GCM in this process. */
export async function benchDecryption(db: pg.Client, count: number): Promise<BenchRow> {
  const key = generateDataKey();
  const place = (index: number) => ({
    tenantId: 'bench',
    table: 'bench.values',
    column: 'text',
    rowId: String(index),
  });
  const plain = Array.from({ length: batch }, (_, index) => ({
    place: place(index),
    plaintext: randomBytes(16).toString('hex'),
    key,
  }));
  const sealed = await encryptCells(db, plain);
  const cells = plain.map(({ place: at }, index) => ({
    place: at,
    ciphertext: sealed[index] ?? Buffer.alloc(0),
    key,
  }));
  await decryptCells(db, cells);
  const start = performance.now();
  for (let done = 0; done < count; done += batch) {
    const opened = await decryptCells(db, cells);
    if (!opened.every((cell) => cell.ok)) throw new Error('a value did not open');
  }
  const value = (count / (performance.now() - start)) * 1_000;
  const bare = openWithNode(key, count);
  return {
    name: `${formatCount(count)} values decrypted, place checked`,
    value,
    unit: 'values/s',
    baseline: `Node AES-256-GCM, a KeyObject, same sizes: ${formatCount(bare)}/s`,
    ratio: value / bare,
  };
}

function openWithNode(key: Buffer, count: number): number {
  const secret = createSecretKey(key);
  const sealed = Array.from({ length: batch }, () => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', secret, iv);
    const body = Buffer.concat([cipher.update(randomBytes(32)), cipher.final()]);
    return { iv, body, tag: cipher.getAuthTag() };
  });
  const open = () => {
    for (let done = 0; done < count; done += batch)
      for (const { iv, body, tag } of sealed) {
        const decipher = createDecipheriv('aes-256-gcm', secret, iv).setAuthTag(tag);
        Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      }
  };
  ratePerSecond(count, open);
  return ratePerSecond(count, open);
}

/** The bound of the specification is what a hit is held against. */
export function benchKeyCache(hits: number): BenchRow {
  const bound = 5;
  const cache = createKeyCache({ maxEntries: 20_000, lifeMs: 60_000 });
  const names = Array.from({ length: 10_000 }, (_, index) => `tenant ${index}`);
  for (const name of names) cache.put(name, generateDataKey());
  const rate = ratePerSecond(hits, () => {
    for (let hit = 0; hit < hits; hit += 1)
      if (cache.get(names[hit % names.length] ?? '') === undefined) throw new Error('a key left the cache');
  });
  cache.close();
  const value = 1_000_000 / rate;
  return {
    name: 'key cache hit',
    value,
    unit: 'µs',
    baseline: `the bound: ${bound} µs`,
    ratio: value / bound,
  };
}
