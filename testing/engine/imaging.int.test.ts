import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blankPng } from '../forms/bad-files.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
let audit: pg.Client;
beforeAll(async () => {
  engine = await runEngine();
  audit = new pg.Client(engine.stores.admin('audit'));
  await audit.connect();
});
afterAll(async () => {
  await audit.end();
  await engine.close();
});

const patient = () => engine.account('Petra Patientson');
const clinician = () => engine.account('clinician');
const assets = (query = '') => `/v1/patients/${patient().patientRecordId ?? ''}/imaging-assets${query}`;

/** Noise does not compress: the picture's object has several chunks. */
async function photograph(width = 500, height = 400): Promise<Buffer> {
  const pixels = randomBytes(width * height * 3);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg()
    .withExif({ IFD0: { Artist: 'Petra Patientson', ImageDescription: 'CANARY-EXIF' }, IFD3: { GPSLatitude: '53/1 47/1 59/1' } })
    .toBuffer();
} // prettier-ignore

async function upload(
  bytes: Buffer,
  caption?: string,
  account: SeedAccount = clinician(),
): Promise<Response> {
  const body = new FormData();
  if (caption !== undefined) body.set('caption', caption);
  body.set('image', new Blob([new Uint8Array(bytes)]), 'Petra Patientson.jpg');
  return engine.send(account, assets(`?clinicId=${patient().clinicIds[0] ?? ''}`), { method: 'POST', body });
}

async function uploaded(bytes: Buffer, caption?: string): Promise<string> {
  const answer = await upload(bytes, caption);
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

const content = (id: string, account = clinician(), range?: string, query = ''): Promise<Response> =>
  engine.send(
    account,
    `/v1/imaging-assets/${id}/content${query}`,
    range === undefined ? {} : { headers: { range } },
  );

async function objectFiles(): Promise<string[]> {
  const entries = await readdir(engine.objectsFolder, { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A PNG that says what size it has, and little else. */
function bomb(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
    .then((png) => {
      png.writeUInt32BE(width, 16);
      png.writeUInt32BE(height, 20);
      return png;
    });
}

describe('an upload that is no picture of ours', () => {
  it.each<[string, number, () => Promise<Buffer> | Buffer]>([
    ['a file that unpacks to 30,000 by 30,000 pixels', 413, () => blankPng(30_000, 30_000)],
    ['a header that says a billion pixels', 413, () => bomb(40_000, 30_000)],
    ['a picture one pixel high and very wide', 413, () => sharp({ create: { width: 16_000, height: 1, channels: 3, background: '#fff' } }).jpeg().toBuffer()],
    ['a GIF', 415, () => Buffer.from('GIF89a\u0001\u0000\u0001\u0000')],
    ['a web page', 415, () => Buffer.from('<html><script>alert(1)</script></html>')],
    ['nothing', 415, () => Buffer.alloc(0)],
    ['a picture that ends early', 422, async () => (await photograph()).subarray(0, 40_000)],
    ['21 MB', 413, () => Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.alloc(21 * 1024 * 1024)])],
  ])('is refused and leaves no object: %s', async (_name, status, make) => {
    const answer = await upload(await make());
    expect(answer.status).toBe(status);
    expect(await objectFiles()).toEqual([]);
  }); // prettier-ignore

  it.each(['line\nbreak', '\u202Egnp.exe', 'x'.repeat(501)])(
    'is refused for its caption: %j',
    async (caption) => {
      expect((await upload(await photograph(40, 40), caption)).status).toBe(400);
    },
  );
});

describe('a picture', () => {
  it('is stored without what its camera said of it, encrypted, and shown whole and in parts', async () => {
    const given = await photograph();
    expect(given.includes('CANARY-EXIF')).toBe(true);
    const id = await uploaded(given, 'Upper left, after the fall');
    const whole = await content(id);
    expect([whole.status, whole.headers.get('content-type'), whole.headers.get('cache-control')]).toEqual([
      200, 'image/jpeg', 'no-store',
    ]); // prettier-ignore
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect(bytes.includes('CANARY-EXIF') || bytes.includes('Petra') || bytes.includes('Exif')).toBe(false);
    const { exif, icc, xmp, width, height } = await sharp(bytes).metadata();
    expect({ exif, icc, xmp, width, height }).toEqual({ exif: undefined, icc: undefined, xmp: undefined, width: 500, height: 400 }); // prettier-ignore

    const part = await content(id, clinician(), 'bytes=65000-140000');
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes 65000-140000/${bytes.length}`,
    ]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(65_000, 140_001));
    const tail = await content(id, clinician(), 'bytes=-10');
    expect(Buffer.from(await tail.arrayBuffer())).toEqual(bytes.subarray(-10));
    expect((await content(id, clinician(), `bytes=${bytes.length}-`)).status).toBe(416);

    for (const file of await objectFiles())
      expect((await readFile(file)).includes(bytes.subarray(1_000, 1_032))).toBe(false);
    const { rows } = await audit.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM audit.audit_logs WHERE action = 'record.opened' AND resource_id = $1 AND decision = 'permit'`,
      [id],
    );
    // One for each time that it was opened, the part that it does not have included.
    expect(rows[0]?.n).toBe(4);
  });

  it('is listed with its caption, and gets a small one of its own', async () => {
    const id = await uploaded(await photograph(), 'Lower right');
    const find = async () => {
      const answer = await engine.send(clinician(), assets());
      const { items } = (await answer.json()) as {
        items: { id: string; caption: string; hasThumbnail: boolean }[];
      };
      return items.find((item) => item.id === id);
    };
    expect(await find()).toMatchObject({ caption: 'Lower right', mediaType: 'image/jpeg', width: 500 });
    await expect.poll(async () => (await find())?.hasThumbnail).toBe(true);
    const small = await content(id, patient(), undefined, '?size=thumbnail');
    expect(small.headers.get('content-type')).toBe('image/webp');
    expect((await sharp(Buffer.from(await small.arrayBuffer())).metadata()).width).toBe(320);
  });

  it('keeps the 16 bits of a radiograph', async () => {
    const grey = new Uint16Array(64 * 64).map((_, at) => at * 13);
    const png = await sharp(grey, { raw: { width: 64, height: 64, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    const id = await uploaded(png);
    const shown = await sharp(Buffer.from(await (await content(id)).arrayBuffer())).metadata();
    expect([shown.depth, shown.channels]).toEqual(['ushort', 1]);
  });

  it('is nothing to reception, to other clinics and to other tenants', async () => {
    const id = await uploaded(await photograph(40, 40));
    const statusOf = async (name: string) => (await content(id, engine.account(name))).status;
    expect(await statusOf('receptionist')).toBe(403);
    for (const name of ['clinician of york', 'clinician of riverside', 'Yusuf Yorkson'])
      expect(await statusOf(name)).toBe(404);
    expect((await upload(await photograph(40, 40), undefined, engine.account('receptionist'))).status).toBe(
      403,
    );
  });

  it('is refused where its object was changed', async () => {
    const id = await uploaded(await photograph(60, 60));
    const clinical = new pg.Client(engine.stores.admin('clinical'));
    await clinical.connect();
    const { rows } = await clinical.query<{ object_id: string }>(
      'SELECT object_id FROM clinical.imaging_assets WHERE id = $1',
      [id],
    );
    await clinical.end();
    const file = (await objectFiles()).find((each) => each.endsWith(rows[0]?.object_id ?? 'none')) ?? '';
    const sealed = await readFile(file);
    sealed[20] = (sealed[20] ?? 0) ^ 1;
    await writeFile(file, sealed);
    const answer = await content(id);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      500,
      'object-damaged',
    ]);
  });
});
