import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { decryptCells, encryptCells, generateDataKey, type CipherDatabase } from '@cordon/field-encryption';
import { createSealedPool, type SealedContext, type SealedPool } from '@cordon/row-security';
import { sealKeyId } from '@cordon/stores';
import type { StoreClones } from '@cordon/stores/testing';
import { createKeyCache } from '../../apps/engine/src/keys/key-cache.ts';
import { formatCount, ratePerSecond, type BenchRow } from '../row.ts';

const made = 1_000;
const times = 5;

/**
 * 32 bytes each, as the engine opens them: one call of `decryptCells` for all, over a sealed pool with the engine's four shared
 * connections (TLS, a context entered with each statement), decrypted and held to their form by PostgreSQL, places checked here.
 * Beside it as many opened by Node's AES-256-GCM on this one thread. The two alternate; middle of five.
 */
export async function benchDecryption(stores: StoreClones, count: number): Promise<BenchRow> {
  const raw = stores.sealKey('clinical');
  const pool = createSealedPool({
    connection: stores.connection('clinical', 'engine_clinical'),
    key: { keyId: sealKeyId(raw), key: createSecretKey(raw) },
  });
  const tenantId = randomUUID();
  const db = entering(pool, tenantId);
  const key = generateDataKey();
  const place = (rowId: string) => ({ tenantId, table: 'clinical.patients', column: 'full_name', rowId });
  const plain = Array.from({ length: made }, () => ({
    place: place(randomUUID()),
    plaintext: randomBytes(16).toString('hex'),
    key,
  }));
  const sealed = await encryptCells(db, plain);
  const cells = Array.from({ length: count }, (_, index) => ({
    place: plain[index % made]?.place ?? place(''),
    ciphertext: sealed[index % made] ?? Buffer.alloc(0),
    key,
  }));
  const openWithNode = prepareNode(key, count);
  const rates: [number[], number[]] = [[], []];
  try {
    for (let turn = 0; turn <= times; turn += 1) {
      const start = performance.now();
      const opened = await decryptCells(db, cells);
      const took = performance.now() - start;
      if (!opened.every((cell) => cell.ok)) throw new Error('a value did not open');
      const beside = ratePerSecond(count, openWithNode);
      // The first turn warms both up.
      if (turn === 0) continue;
      rates[0].push((count / took) * 1_000);
      rates[1].push(beside);
    }
  } finally {
    await pool.close();
  }
  const [value = 0, bare = 0] = rates.map((all) => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0);
  return {
    name: `${formatCount(count)} values decrypted, place checked`,
    value,
    unit: 'values/s',
    baseline: `Node AES-256-GCM, a KeyObject, same sizes: ${formatCount(bare)}/s`,
    ratio: value / bare,
  };
}

/** As `engine.stores.readAs` gives it: each statement enters the caller's context. */
function entering(pool: SealedPool, tenantId: string): CipherDatabase {
  const context: SealedContext = {
    tenantId,
    subject: randomUUID(),
    role: 'role.clinician',
    clinicIds: [randomUUID()],
    readable: ['patientProfile'],
    writable: [],
    expiresAt: new Date(Date.now() + 3_600_000),
  };
  return { query: (text, values) => pool.query(context, text, values) };
}

function prepareNode(key: Buffer, count: number): () => void {
  const secret = createSecretKey(key);
  const sealed = Array.from({ length: made }, () => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', secret, iv);
    const body = Buffer.concat([cipher.update(randomBytes(32)), cipher.final()]);
    return { iv, body, tag: cipher.getAuthTag() };
  });
  return () => {
    for (let done = 0; done < count; done += made)
      for (const { iv, body, tag } of sealed) {
        const decipher = createDecipheriv('aes-256-gcm', secret, iv).setAuthTag(tag);
        Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      }
  };
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
