import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodingsOf, encodingsOfText } from './encodings.ts';
import { ask, forgetKeys, keyWorkOf } from './key-jobs.ts';
import { rotatePatientKey } from '../../apps/engine/src/keys/rotate-patient-key.ts';
import { runEngine, type TestEngine } from './run-engine.ts';

const profile = {
  fullName: 'Zebedee Quillfeather',
  dateOfBirth: '1971-11-23',
  phone: '01632 960987',
  email: 'zeb.quillfeather@example.com',
  address: '7 Quartzstone Crescent, Leeds LS1 9ZZ',
  nhsNumber: '943 476 5919',
  emergencyContact: 'Ottoline Quillfeather, sister',
};
const note = 'Quilted vestibular findings at the upper left canine';
const caption = 'Panoramic view before the Quillfeather bridge';

let engine: TestEngine;
let patientId: string;
let plantedFrom: number;
beforeAll(async () => {
  engine = await runEngine();
  plantedFrom = Date.now() - 1_000;
  await plant();
});
afterAll(() => engine.close());

async function post(by: string, path: string, body: object): Promise<string> {
  const answer = await engine.send(engine.account(by), path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomBytes(12).toString('hex') },
    body: JSON.stringify(body),
  });
  const told = await answer.text();
  expect(answer.status, told).toBe(201);
  return (JSON.parse(told) as { id: string }).id;
}

/** A patient with everything that is written of one: profile, note, alert, picture; read, changed, and under a new key. */
async function plant(): Promise<void> {
  const clinicId = engine.account('clinician').clinicIds[0] ?? '';
  patientId = await post('receptionist', '/v1/patients', { clinicId, ...profile });
  await post('clinician', '/v1/clinical-records', { clinicId, patientId, problemList: note });
  const picture = await sharp(randomBytes(300 * 200 * 3), { raw: { width: 300, height: 200, channels: 3 } })
    .jpeg()
    .withExif({ IFD0: { Artist: profile.fullName } })
    .toBuffer();
  const form = new FormData();
  form.set('caption', caption);
  form.set('image', new Blob([new Uint8Array(picture)]), `${profile.fullName}.jpg`);
  const path = `/v1/patients/${patientId}/imaging-assets?clinicId=${clinicId}`;
  const uploaded = await engine.send(engine.account('clinician'), path, { method: 'POST', body: form });
  expect(uploaded.status, await uploaded.text()).toBe(201);
  await rotatePatientKey(keyWorkOf(engine), engine.account('clinician').tenantId, patientId);
  forgetKeys(engine);
  const read = await engine.send(engine.account('clinician'), `/v1/patients/${patientId}`);
  expect(await read.json()).toMatchObject({ profile: { fullName: profile.fullName } });
}

async function filesBelow(path: string): Promise<Buffer[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const contents: Buffer[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const found = await stat(file).catch(() => undefined);
    // What was last written before the first value was planted cannot hold one; a file may go while it is looked at.
    if (found !== undefined && found.mtimeMs >= plantedFrom)
      contents.push(await readFile(file).catch(() => Buffer.alloc(0)));
  }
  return contents;
}

/** The clinical store's data files, the write-ahead log of the whole server, and the object store. */
async function readStored(): Promise<Buffer[]> {
  const [place] = await ask<{ data: string; database: string }>(
    engine,
    'clinical',
    `SELECT current_setting('data_directory') AS data, oid::text AS database FROM pg_database WHERE datname = current_database()`,
  );
  await ask(engine, 'clinical', 'CHECKPOINT');
  const objects = await filesBelow(engine.objectsFolder);
  expect(objects.length, 'objects').toBeGreaterThan(0);
  return [
    ...(await filesBelow(join(place?.data ?? '', 'base', place?.database ?? ''))),
    ...(await filesBelow(join(place?.data ?? '', 'pg_wal'))),
    ...objects,
  ];
}

/** As typed, and without what people put between: a number is stored as its digits. */
const withoutGaps = (text: string): string[] => [...new Set([text, text.replace(/[\s-]/g, '')])];
const texts = [...Object.values(profile), note, caption].filter((text) => text !== profile.dateOfBirth);
/** The first bytes of a picture: PNG (ISO 15948, 5.2), JPEG with JFIF, and WebP's; and what EXIF begins with. */
const headers = [
  '89504e470d0a1a0a0000000d49484452',
  'ffd8ffe000104a46494600',
  '45786966000049492a00',
  '5745425056503820',
];
const wanted: readonly (readonly [name: string, forms: readonly Buffer[]])[] = [
  ...texts.map((text) => [text, withoutGaps(text).flatMap(encodingsOfText)] as const),
  ...headers.map((header) => [header, encodingsOf(Buffer.from(header, 'hex'))] as const),
];
const foundIn = (stored: readonly Buffer[]): string[] =>
  wanted.flatMap(([name, forms]) =>
    forms.some((form) => stored.some((content) => content.includes(form))) ? [name] : [],
  );

it('leaves no planted value in data files, write-ahead log and object store, in any encoding', async () => {
  const stored = await readStored();
  expect(stored.length).toBeGreaterThan(10);
  expect(foundIn(stored)).toEqual([]);
});

it('would be found: each value, planted in each encoding, is', async () => {
  await ask(engine, 'clinical', 'CREATE TABLE clinical.planted (form bytea)');
  for (const [, forms] of wanted)
    await ask(engine, 'clinical', 'INSERT INTO clinical.planted SELECT unnest($1::bytea[])', [[...forms]]);
  const stored = await readStored();
  const missed = wanted.flatMap(([name, forms]) =>
    forms.flatMap((form, index) =>
      stored.some((content) => content.includes(form)) ? [] : [`${name}, form ${index}`],
    ),
  );
  expect(missed).toEqual([]);
});
