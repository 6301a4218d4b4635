import { randomBytes, randomUUID } from 'node:crypto';
import { rename, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { scheduleSweeps, sweepObjects } from '../../apps/engine/src/features/object-sweep/index.ts';
import { receivePicture } from '../../apps/engine/src/features/imaging/receive-picture.ts';
import type { ObjectPlace, ObjectStore } from '../../apps/engine/src/objects/index.ts';
import { createFileObjectStore } from '../../apps/engine/src/objects/file-object-store.ts';
import type { EngineContext } from '../../apps/engine/src/pipeline/engine-context.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';

const hourMs = 3_600_000;
let engine: TestEngine;
let store: ObjectStore;
let admin: Record<'clinical' | 'audit', pg.Client>;
let clinician: SeedAccount;
let patient: SeedAccount;

beforeAll(async () => {
  engine = await runEngine();
  store = createFileObjectStore(engine.objectsFolder);
  admin = {
    clinical: new pg.Client(engine.stores.admin('clinical')),
    audit: new pg.Client(engine.stores.admin('audit')),
  };
  await Promise.all([admin.clinical.connect(), admin.audit.connect()]);
  clinician = engine.account('clinician');
  patient = engine.account('Petra Patientson');
  // The sweeps that the engine left by itself for both new tenants are over.
  await vi.waitFor(
    () => {
      expect(engine.logLines().match(/"objects swept"/g)?.length).toBe(engine.plan.tenants.length);
    },
    { timeout: 30_000, interval: 100 },
  );
}, 120_000); // prettier-ignore
afterAll(async () => {
  await Promise.all([admin.clinical.end(), admin.audit.end()]);
  await engine.close();
});

const context = () => engine.running.engine;
const fileOf = ({ tenantId, objectId }: ObjectPlace): string =>
  join(engine.objectsFolder, tenantId, objectId.slice(0, 2), objectId);

async function setAge(place: ObjectPlace, ageMs: number): Promise<void> {
  const written = new Date(Date.now() - ageMs);
  await utimes(fileOf(place), written, written);
}

async function leaveOrphan(tenantId: string, ageMs: number): Promise<ObjectPlace> {
  const place = { tenantId, objectId: randomUUID() };
  await store.put(place, (async function* () { yield await Promise.resolve(randomBytes(64)); })());
  await setAge(place, ageMs);
  return place;
} // prettier-ignore

async function objectsOf(tenantId: string): Promise<string[]> {
  return (await store.list(tenantId, { limit: 1_000 })).objects.map(({ objectId }) => objectId);
}

async function uploadPicture(): Promise<string> {
  const body = new FormData();
  const picture = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#888' } }).jpeg().toBuffer();
  body.set('image', new Blob([new Uint8Array(picture)]), 'picture.jpg');
  const answer = await engine.send(
    clinician,
    `/v1/patients/${patient.patientRecordId ?? ''}/imaging-assets?clinicId=${patient.clinicIds[0] ?? ''}`,
    { method: 'POST', body },
  );
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
} // prettier-ignore

const sweep = (tenantId: string, after?: string) =>
  sweepObjects(context(), store, { tenantId, resourceId: after });

async function auditedSweeps(): Promise<string[]> {
  const { rows } = await admin.audit.query<{ told: string }>(
    `SELECT outcome || ' ' || record_count AS told FROM audit.audit_logs WHERE action = 'objects.swept' ORDER BY at, outcome`,
  );
  return rows.map((row) => row.told);
}

describe('the sweep of objects that no row names', () => {
  let tenantId: string;
  let assetId: string;
  beforeAll(async () => {
    ({ tenantId } = clinician);
    assetId = await uploadPicture();
    await vi.waitFor(
      async () => {
        expect(await objectsOf(tenantId)).toHaveLength(2);
      },
      { timeout: 30_000, interval: 100 },
    );
    for (const objectId of await objectsOf(tenantId)) await setAge({ tenantId, objectId }, 48 * hourMs);
  });

  it('removes them, keeps pictures and thumbnails that are named, and tells the audit log how many', async () => {
    const before = await auditedSweeps();
    const named = await objectsOf(tenantId);
    await leaveOrphan(tenantId, 2 * hourMs);
    const orphan = await leaveOrphan(tenantId, 200 * hourMs);
    const unfinished = `${fileOf(orphan)}.${randomUUID()}.draft`;
    await rename(fileOf(orphan), unfinished);
    expect(await sweep(tenantId)).toEqual({ looked: 3, removed: 2 });
    expect(await objectsOf(tenantId)).toEqual(named);
    await expect(stat(unfinished)).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await engine.send(clinician, `/v1/imaging-assets/${assetId}/content`)).status).toBe(200);
    expect((await auditedSweeps()).slice(before.length)).toEqual(['intent 1', 'success 1']);
    expect(await sweep(tenantId)).toEqual({ looked: 2, removed: 0 });
    expect((await auditedSweeps()).length).toBe(before.length + 2);
  });

  it('leaves what is younger than an hour, and what is another tenant’s', async () => {
    const young = await leaveOrphan(tenantId, hourMs - 60_000);
    const river = engine.account('clinician of riverside').tenantId;
    const foreign = await leaveOrphan(river, 2 * hourMs);
    expect((await sweep(tenantId)).removed).toBe(0);
    expect(await objectsOf(tenantId)).toContain(young.objectId);
    expect(await objectsOf(river)).toEqual([foreign.objectId]);
    expect((await sweep(river)).removed).toBe(1);
    await store.remove(young);
  });

  it('lets no slow upload end as a row without its object', async () => {
    // The store took an hour and a half, by its own clock; meanwhile a sweep came by.
    const slow: ObjectStore = {
      ...store,
      put: async (place, content) => {
        await store.put(place, content);
        await setAge(place, 1.5 * hourMs);
        expect((await sweep(tenantId)).removed).toBe(1);
        clock = 1.5 * hourMs;
      },
    };
    const real = Date.now;
    let clock = 0;
    Date.now = () => real() + clock;
    const count = () => admin.clinical.query<{ n: number }>('SELECT count(*)::int AS n FROM clinical.imaging_assets');
    const before = (await count()).rows[0]?.n;
    try {
      const bytes = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#888' } }).png().toBuffer();
      await expect(
        receivePicture(
          { engine: context(), objects: slow },
          {
            tenantId, subject: clinician.accountId, role: clinician.role, clinicIds: clinician.clinicIds, sessionId: randomUUID(),
            patientRecordId: undefined, expiresAt: real() / 1_000 + 3 * 3_600, factorShownAt: real() / 1_000,
            requestId: randomUUID(), clientAddress: '127.0.0.1',
          },
          { clinicId: patient.clinicIds[0] ?? '', patientId: patient.patientRecordId ?? '', readPicture: () => Promise.resolve({ bytes, caption: undefined }) },
        ),
      ).rejects.toMatchObject({ code: 'object-too-late' });
    } finally {
      Date.now = real;
    }
    expect((await count()).rows[0]?.n).toBe(before);
  }); // prettier-ignore

  it('goes on behind a page that is full, in a job of its own, and from where that says', async () => {
    const orphans = await Promise.all(Array.from({ length: 45 }, () => leaveOrphan(tenantId, 2 * hourMs)));
    const small: ObjectStore = { ...store, list: (id, page) => store.list(id, { ...page, limit: 2 }) };
    const first = await sweepObjects(context(), small, { tenantId });
    expect(first.looked).toBe(40);
    const remaining = orphans.length - first.removed;
    expect(remaining).toBeGreaterThan(0);
    // The job that it left is run by the engine.
    await expect.poll(async () => (await objectsOf(tenantId)).length).toBe(2);
  });

  it('removes nothing where row security shows it no row', async () => {
    const orphan = await leaveOrphan(tenantId, 2 * hourMs);
    const elsewhere: EngineContext = {
      ...context(),
      stores: { ...context().stores, withTenantJob: (_tenantId, work) => context().stores.withTenantJob(randomUUID(), work) },
    };
    await expect(sweepObjects(elsewhere, store, { tenantId })).rejects.toMatchObject({ code: 'records-unavailable' });
    expect(await objectsOf(tenantId)).toContain(orphan.objectId);
    await store.remove(orphan);
  }); // prettier-ignore

  it('is left as a job once an hour for each tenant', async () => {
    let now = Date.now();
    const leave = scheduleSweeps(context().stores, () => now);
    const river = engine.account('clinician of riverside').tenantId;
    await leaveOrphan(river, 2 * hourMs);
    await leave([river]);
    await expect.poll(() => objectsOf(river)).toEqual([]);
    const waiting = () => admin.clinical.query("SELECT FROM graphile_worker.jobs WHERE task_identifier = 'sweep-objects'");
    await expect.poll(async () => (await waiting()).rowCount).toBe(0);
    await leaveOrphan(river, 2 * hourMs);
    await leave([river]);
    expect((await waiting()).rowCount).toBe(0);
    now += hourMs;
    await leave([river]);
    await expect.poll(() => objectsOf(river)).toEqual([]);
  }); // prettier-ignore

  it('asks every table that names objects', async () => {
    const { rows } = await admin.clinical.query<{ place: string }>(
      `SELECT format('%s.%s', c.oid::regclass, a.attname) AS place FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'clinical' AND c.relkind IN ('r', 'p') AND a.attname ~ '(object|thumbnail)_key$' ORDER BY 1`,
    );
    expect(rows.map((row) => row.place), 'a table with keys of objects must be asked in find-unnamed.ts').toEqual([
      'clinical.imaging_assets.object_key', 'clinical.imaging_assets.thumbnail_key', 'clinical.intake_pictures.object_key',
    ]);
  }); // prettier-ignore
});
