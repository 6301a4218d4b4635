import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneStores } from '../../testing/stores.ts';

let stores: Awaited<ReturnType<typeof cloneStores>>;
let db: pg.Client;
beforeAll(async () => {
  stores = await cloneStores(['marketing']);
  db = new pg.Client(stores.connection('marketing', 'engine_marketing'));
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await stores.drop();
});

async function seal(bytes: number): Promise<Buffer> {
  const { rows } = await db.query<{ cell: Buffer }>(
    'SELECT cordon.seal_cell(pgcrypto.gen_random_bytes(16) || convert_to(repeat($1, $2), $3), $4) AS cell',
    ['x', bytes, 'UTF8', 'key of the test'],
  );
  if (rows[0] === undefined) throw new Error('nothing was encrypted');
  return rows[0].cell;
}

const accepts = (cell: Buffer) => db.query('SELECT $1::bytea::cordon.ciphertext', [cell]);
const refusal = { code: '23514' };

describe('the ciphertext domain', () => {
  it('takes what seal_cell writes, whatever its length needs', async () => {
    const around = (size: number) => [size - 1, size, size + 1];
    const bodies = [0, 1, ...around(117), ...around(8_310), ...around(16_310), 16_384, 33_000, 1_048_576];
    for (const bytes of [...bodies, ...Array.from({ length: 40 }, (_, index) => 100 + index)])
      await accepts(await seal(bytes));
  });

  it.each([40, 500, 9_000, 40_000])(
    'refuses a message of %i bytes that was cut or lengthened',
    async (bytes) => {
      const cell = await seal(bytes);
      for (const cut of [1, 2, 22, Math.floor(cell.length / 2)])
        await expect(accepts(cell.subarray(0, cell.length - cut)), `cut by ${cut}`).rejects.toMatchObject(
          refusal,
        );
      await expect(accepts(Buffer.concat([cell, Buffer.of(0)]))).rejects.toMatchObject(refusal);
      await expect(accepts(Buffer.concat([cell, cell])), 'two messages').rejects.toMatchObject(refusal);
      await expect(accepts(Buffer.concat([cell, cell.subarray(14)])), 'two packets').rejects.toMatchObject(
        refusal,
      );
    },
  );

  // Offsets in the message: 0 session-key packet, 2 its version, 3 cipher, 4 kind of S2K, 5 hash, 14 tag, 15 length.
  it.each([
    ['another cipher', 3, 7],
    ['a key that is not salted', 4, 0],
    ['a stretched key', 4, 3],
    ['another hash', 5, 8],
    ['a packet without integrity protection', 14, 0xc9],
    ['a packet with integrity protection in the old form of headers', 14, 0xc8],
    ['another version of the protected packet', 16, 2],
    ['parts of a length that reach beyond the end', 15, 0xee],
  ])('refuses %s', async (_name, offset, value) => {
    const cell = Buffer.from(await seal(40));
    cell[offset] = value;
    await expect(accepts(cell)).rejects.toMatchObject(refusal);
  });

  it('refuses parts of a length that do not lead to the end', async () => {
    const cell = await seal(40_000);
    expect(cell[15], 'pgcrypto writes parts of 16 KiB').toBe(0xee);
    for (const [offset, value] of [
      [15, 0xed],
      [15, 0xef],
      [15, 0xe0],
      [16, 2],
      [16 + 16_384, 0xff],
    ] as const) {
      const changed = Buffer.from(cell);
      changed[offset] = value;
      await expect(accepts(changed), `${offset}`).rejects.toMatchObject(refusal);
    }
  });

  it.each([0, 1, 13, 14, 15, 16, 63])(
    'refuses a message of %i bytes without an error of another kind',
    async (length) => {
      await expect(accepts((await seal(40)).subarray(0, length))).rejects.toMatchObject(refusal);
    },
  );

  it('lets a column be empty', async () => {
    await db.query('SELECT NULL::cordon.ciphertext');
  });
});
