import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneStores } from '../../testing/stores.ts';
import { decryptCells, encryptCells, generateDataKey, type CellPlace } from './index.ts';

let stores: Awaited<ReturnType<typeof cloneStores>>;
let db: pg.Pool;
beforeAll(async () => {
  stores = await cloneStores(['marketing']);
  db = new pg.Pool({ ...stores.connection('marketing', 'engine_marketing'), max: 1 });
});
afterAll(async () => {
  await db.end();
  await stores.drop();
});

const key = generateDataKey();
const placeOf = (change: Partial<CellPlace> = {}): CellPlace => ({
  tenantId: randomUUID(),
  table: 'marketing.leads',
  column: 'full_name',
  rowId: randomUUID(),
  ...change,
});

async function seal(place: CellPlace, plaintext = 'Ada Example'): Promise<Buffer> {
  const [cell] = await encryptCells(db, [{ place, plaintext, key }]);
  if (cell === undefined) throw new Error('nothing was encrypted');
  return cell;
}

describe('a cell', () => {
  it('comes back as it went in, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 10 }),
        async (texts) => {
          const plain = texts.map((plaintext) => ({
            place: placeOf(),
            plaintext: plaintext.toWellFormed(),
            key,
          }));
          const cells = await encryptCells(db, plain);
          const opened = await decryptCells(
            db,
            plain.map(({ place }, index) => ({ place, ciphertext: cells[index] ?? Buffer.alloc(0), key })),
          );
          expect(opened).toEqual(plain.map(({ plaintext }) => ({ ok: true, plaintext })));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('keeps its order and its own key among thousands, and one that is damaged spoils no other', async () => {
    const keys = [generateDataKey(), generateDataKey()] as const;
    const plain = Array.from({ length: 3_500 }, (_, index) => ({
      place: placeOf(),
      plaintext: `text ${index} ${'x'.repeat(index % 50)}`,
      key: keys[index % 2] ?? key,
    }));
    const sealed = await encryptCells(db, plain);
    const cells = plain.map((cell, index) => ({ ...cell, ciphertext: sealed[index] ?? Buffer.alloc(0) }));
    // One in the third statement; a whole transaction is asked as well, which the first failure would end.
    cells[2_600]?.ciphertext.writeUInt8(0xff, 40);
    const expected = plain.map(({ plaintext }, index) =>
      index === 2_600 ? { ok: false, code: 'damaged' } : { ok: true, plaintext },
    );
    const pool = new pg.Pool({ ...stores.connection('marketing', 'engine_marketing'), max: 3 });
    try {
      expect(await decryptCells(pool, cells)).toEqual(expected);
      const client = await pool.connect();
      await client.query('BEGIN');
      expect(await decryptCells(client, cells, { inTransaction: true })).toEqual(expected);
      expect((await client.query('COMMIT')).command).toBe('COMMIT');
      client.release();
    } finally {
      await pool.end();
    }
  });

  it('is another ciphertext each time', async () => {
    const place = placeOf();
    expect((await seal(place)).equals(await seal(place))).toBe(false);
  });

  it.each([
    ['row', { rowId: randomUUID() }],
    ['column', { column: 'contact' }],
    ['table', { table: 'marketing.public_chats' }],
    ['tenant', { tenantId: randomUUID() }],
  ])('is refused in another %s', async (_name, change) => {
    const place = placeOf();
    const ciphertext = await seal(place);
    expect(await decryptCells(db, [{ place: { ...place, ...change }, ciphertext, key }])).toEqual([
      { ok: false, code: 'misplaced' },
    ]);
  });

  it.each([
    ['cut short', (cell: Buffer) => cell.subarray(0, cell.length - 5)],
    [
      'changed in its middle',
      (cell: Buffer) => Buffer.from(cell.map((byte, index) => (index === 30 ? byte ^ 1 : byte))),
    ],
    ['emptied', () => Buffer.alloc(0)],
    ['replaced by plain text', () => Buffer.from('Ada Example, in the clear, long enough to be a message')],
  ])('that was %s spoils itself and no other', async (_name, damage) => {
    const [good, bad] = [placeOf(), placeOf()];
    const cells = [
      { place: good, ciphertext: await seal(good), key },
      { place: bad, ciphertext: damage(await seal(bad)), key },
    ];
    expect(await decryptCells(db, cells)).toEqual([
      { ok: true, plaintext: 'Ada Example' },
      { ok: false, code: 'damaged' },
    ]);
  });

  it('does not open under another key', async () => {
    const place = placeOf();
    const ciphertext = await seal(place);
    expect(await decryptCells(db, [{ place, ciphertext, key: generateDataKey() }])).toEqual([
      { ok: false, code: 'damaged' },
    ]);
  });

  it.each([
    ['a text over 1 MiB', { plaintext: 'x'.repeat(1024 * 1024 + 1), key }, 'cell-too-large'],
    ['a key that is too short', { plaintext: 'x', key: Buffer.alloc(16) }, 'key-malformed'],
  ])('is refused with %s', async (_name, change, code) => {
    await expect(encryptCells(db, [{ place: placeOf(), ...change }])).rejects.toMatchObject({ code });
  });

  it('is a failure of the connection, not of the cell, when the server is not there', async () => {
    const away = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 1_000 });
    await expect(
      decryptCells(away, [{ place: placeOf(), ciphertext: Buffer.alloc(20), key }]),
    ).rejects.toThrow();
    await away.end();
  });
});
