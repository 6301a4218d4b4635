import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetEarlierTokens, reindexPatients } from '../../apps/engine/src/features/patients/index.ts';
import { destroyPatientKey } from '../../apps/engine/src/keys/destroy-patient-key.ts';
import { proveDestruction } from '../../apps/engine/src/keys/prove-destruction.ts';
import { sweepKeys } from '../../apps/engine/src/keys/sweep-keys.ts';
import { tenantSealedTables } from '../../apps/engine/src/keys/reseal-tenant-cells.ts';
import { rotateSearchKey, type SearchRotation } from '../../apps/engine/src/keys/rotate-search-key.ts';
import { replaceTenantKey, rotateTenantKey } from '../../apps/engine/src/keys/rotate-tenant-key.ts';
import { createTenantKeys } from '../../apps/engine/src/keys/tenant-keys.ts';
import { ask, forgetKeys, keyWorkOf, runKeyJob } from './key-jobs.ts';
import { addPatient, findNames, renamePatient } from './patient-requests.ts';
import { runEngine, type TestEngine } from './run-engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.close());
beforeEach(() => {
  forgetKeys(engine);
});

const tenantId = () => engine.account('clinician').tenantId;
const petra = () => engine.account('Petra Patientson').patientRecordId ?? '';
const json = { 'content-type': 'application/json' };

const find = (name: string) => findNames(engine, name);
const add = (fullName: string, idempotencyKey?: string) => addPatient(engine, { fullName }, idempotencyKey);

const rotate = (): Promise<SearchRotation> =>
  rotateSearchKey(keyWorkOf(engine), tenantId(), { reindexPatients, forgetEarlierTokens });
const expireGrace = () =>
  ask(
    engine,
    'vault',
    `UPDATE vault.tenant_keys SET retired_at = now() - interval '1 hour' WHERE retired_at IS NOT NULL`,
  );
const searchKeys = () =>
  ask<{ id: string; current: boolean }>(
    engine,
    'vault',
    `SELECT id, retired_at IS NULL AS current FROM vault.tenant_keys WHERE purpose = 'search' AND tenant_id = $1 ORDER BY created_at`,
    [tenantId()],
  );
/** The keys under which a patient can be found. */
const keysOf = async (id: string): Promise<string[]> =>
  (
    await ask<{ token_key_id: string }>(
      engine,
      'clinical',
      'SELECT DISTINCT token_key_id FROM clinical.patient_search_tokens WHERE patient_id = $1 ORDER BY 1',
      [id],
    )
  ).map((row) => row.token_key_id);

it('is made for no id that no tenant has, which would look like a rotation', async () => {
  const keys = () => ask(engine, 'vault', 'SELECT id FROM vault.tenant_keys');
  const [before, work, nobody] = [await keys(), keyWorkOf(engine), randomUUID()];
  const unknown = { code: 'tenant-unknown' };
  await expect(rotateTenantKey(work, nobody)).rejects.toMatchObject(unknown);
  await expect(rotateSearchKey(work, nobody, { reindexPatients, forgetEarlierTokens })).rejects.toMatchObject(
    unknown,
  );
  expect(await keys()).toEqual(before);
});

describe('a new search key', () => {
  it('finds everybody at each moment of its rotation, and leaves nothing under the key before', async () => {
    const [old] = await searchKeys();
    expect(await find('Petra')).toEqual(['Petra Patientson']);

    // The key is there, and no token yet under it.
    await replaceTenantKey(keyWorkOf(engine), tenantId(), 'search');
    forgetKeys(engine);
    expect(await find('Petra')).toEqual(['Petra Patientson']);

    const told = await runKeyJob(engine, { verb: 'rotate-search', tenantId: tenantId() });
    expect(told).toMatchObject({ answer: { reindexed: 2, unopened: 0, waiting: 1 } });
    const keys = await searchKeys();
    expect(keys).toHaveLength(2);
    expect(await keysOf(petra())).toEqual(keys.map(({ id }) => id).toSorted());
    expect(await find('Petra')).toEqual(['Petra Patientson']);

    await expireGrace();
    expect(await rotate()).toEqual({ reindexed: 0, unopened: 0, complete: true });
    const [left, ...more] = await searchKeys();
    expect(more).toEqual([]);
    expect(left?.id).not.toBe(old?.id);
    expect(await keysOf(petra())).toEqual([left?.id]);
    forgetKeys(engine);
    expect(await find('Petra')).toEqual(['Petra Patientson']);
    const entries = await ask<{ outcome: string; record_count: number | null }>(
      engine,
      'audit',
      `SELECT outcome, record_count FROM audit.audit_logs WHERE action = 'key.rotated' AND resource_type = 'SearchKey' ORDER BY at`,
    );
    expect(entries.map(({ outcome }) => outcome)).toEqual(['intent', 'success', 'intent', 'success']);
    expect(
      await ask(
        engine,
        'audit',
        `SELECT FROM audit.audit_logs WHERE action = 'record.reindexed' AND patient_pseudonym IS NOT NULL`,
      ),
    ).toHaveLength(2);
  });

  it('is written beside the earlier one while another process may know that one alone', async () => {
    // Another process, which looked a moment ago.
    const other = createTenantKeys(engine.running.engine.stores, keyWorkOf(engine).root);
    const [before] = (await other.search(tenantId())).written;
    await rotate();
    const added = await add('Ottoline Quarmby');
    expect(await keysOf(added)).toContain(before?.id);
    expect((await other.search(tenantId())).all.map(({ id }) => id)).toEqual([before?.id]);
    other.close();
    await expireGrace();
    forgetKeys(engine);
    expect(await find('Quarmby')).toEqual(['Ottoline Quarmby']);
    const later = await add('Ottoline Restorick');
    expect(await keysOf(later)).not.toContain(before?.id);
    expect(await rotate()).toMatchObject({ complete: true });
    forgetKeys(engine);
    expect(await find('Quarmby')).toEqual(['Ottoline Quarmby']);
    expect(await find('Restorick')).toEqual(['Ottoline Restorick']);
  });

  it('finds who is renamed meanwhile by the new name alone', async () => {
    const id = await add('Zephyrine Oldname');
    await rotate();
    await renamePatient(engine, id, 'Zephyrine Brandnew');
    await expireGrace();
    await rotate();
    forgetKeys(engine);
    expect(await find('Brandnew')).toEqual(['Zephyrine Brandnew']);
    expect(await find('Oldname')).toEqual([]);
  });

  it('makes nothing twice that is sent twice', async () => {
    const key = randomUUID();
    const first = await add('Peregrine Twice', key);
    await rotate();
    await expireGrace();
    await rotate();
    forgetKeys(engine);
    expect(await add('Peregrine Twice', key)).toBe(first);
  });

  it('keeps the tokens, and the key, of a patient with a damaged cell, and says so', async () => {
    const [kept] = await ask<{ phone: Buffer | null }>(
      engine,
      'clinical',
      'SELECT phone FROM clinical.patients WHERE id = $1',
      [petra()],
    );
    await ask(
      engine,
      'clinical',
      'UPDATE clinical.patients SET phone = (SELECT full_name FROM clinical.patients WHERE id <> $1 LIMIT 1) WHERE id = $1',
      [petra()],
    );
    await rotate();
    await expireGrace();
    expect(await rotate()).toMatchObject({ unopened: 1, complete: false });
    expect(await searchKeys()).toHaveLength(2);
    forgetKeys(engine);
    await ask(engine, 'clinical', 'UPDATE clinical.patients SET phone = $2 WHERE id = $1', [
      petra(),
      kept?.phone,
    ]);
    expect(await find('Petra')).toEqual(['Petra Patientson']);
    expect(await rotate()).toMatchObject({ reindexed: 1, unopened: 0, complete: true });
  });
});

/** Of the plan's first tenant: their names are under its key as well. */
const namedClinicians = 2;

describe('a new data key of a tenant', () => {
  const lead = {
    fullName: 'Wilhelmina Askwith',
    contact: 'wilhelmina@example.com',
    consentToContact: true,
    consentWordingVersion: 1,
  };
  const send = (path: string, body?: object) =>
    engine.send(
      engine.account('receptionist'),
      path,
      body && { method: 'POST', headers: json, body: JSON.stringify(body) },
    );

  it('opens what was sealed for the tenant itself, and takes the one before only when nothing is left under it', async () => {
    const added = (await (await send('/v1/leads', lead)).json()) as { id: string };
    const keyOf = async () =>
      (await ask<{ key_id: string }>(engine, 'marketing', 'SELECT key_id FROM marketing.leads'))[0]?.key_id;
    const before = await keyOf();
    expect(await rotateTenantKey(keyWorkOf(engine), tenantId())).toMatchObject({
      resealed: 1 + namedClinicians,
      removed: 0,
    });
    expect(await keyOf()).not.toBe(before);

    // A damaged cell keeps the key that it is under.
    const [kept] = await ask<{ contact: Buffer }>(engine, 'marketing', 'SELECT contact FROM marketing.leads');
    const [foreign] = await ask<{ cell: Buffer }>(
      engine,
      'clinical',
      'SELECT full_name AS cell FROM clinical.patients LIMIT 1',
    );
    await ask(engine, 'marketing', 'UPDATE marketing.leads SET contact = $1', [foreign?.cell]);
    await expireGrace();
    expect(await rotateTenantKey(keyWorkOf(engine), tenantId())).toMatchObject({
      resealed: namedClinicians,
      removed: 1,
    });
    await expireGrace();
    expect(await rotateTenantKey(keyWorkOf(engine), tenantId())).toMatchObject({
      resealed: namedClinicians,
      removed: 0,
      waiting: 2,
    });
    await ask(engine, 'marketing', 'UPDATE marketing.leads SET contact = $1', [kept?.contact]);
    forgetKeys(engine);
    const shown = await send(`/v1/leads/${added.id}`);
    expect(await shown.json()).toMatchObject({ fullName: lead.fullName, contact: lead.contact });
  });

  it('reaches every table with ciphertext that is no patient’s, in both stores that have some', async () => {
    const statement = `SELECT a.attrelid::regclass::text AS place, array_agg(a.attname::text ORDER BY a.attnum) AS cells
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relname <> 'patients'
       WHERE a.atttypid = 'cordon.ciphertext'::regtype AND NOT EXISTS (
         SELECT FROM pg_attribute p WHERE p.attrelid = c.oid AND p.attname = 'patient_id') GROUP BY 1`;
    const rows = [
      ...(await ask<{ place: string; cells: string[] }>(engine, 'clinical', statement)),
      ...(await ask<{ place: string; cells: string[] }>(engine, 'marketing', statement)),
    ];
    expect(Object.fromEntries(rows.map(({ place, cells }) => [place, cells]))).toEqual(tenantSealedTables);
  });
});

describe('a key that nothing needs', () => {
  it('goes after an hour where its patient never came to be, and stays where the row is there', async () => {
    const work = keyWorkOf(engine);
    const orphan = { patientId: randomUUID(), pseudonym: randomUUID() };
    const receipt = await work.audit.append([
      {
        id: randomUUID(), tenantId: tenantId(), initiatorType: 'system', action: 'record.created', dataClassIds: ['patientProfile'],
        patientPseudonym: orphan.pseudonym, decision: 'permit', reasonCode: 'granted', outcome: 'intent',
      },
    ]); // prettier-ignore
    await work.patientKeys.create(tenantId(), orphan.patientId, orphan.pseudonym, receipt);
    const keysLeft = async (id: string) =>
      (await ask(engine, 'vault', 'SELECT FROM vault.patient_keys WHERE patient_id = $1', [id])).length;
    expect(await sweepKeys(work, tenantId())).toEqual({ swept: 0 });
    // The process that made Petra ended before it could say so; a request for the orphan was cut off.
    await ask(engine, 'vault', `UPDATE vault.patient_keys SET confirmed_at = NULL, created_at = now() - interval '61 minutes' WHERE patient_id = ANY ($1)`,
      [[petra(), orphan.patientId]]); // prettier-ignore
    expect(await sweepKeys(work, tenantId())).toEqual({ swept: 1 });
    expect([await keysLeft(petra()), await keysLeft(orphan.patientId)]).toEqual([1, 0]);
    expect(
      await ask(engine, 'vault', 'SELECT FROM vault.audit_pseudonyms WHERE patient_id = $1', [
        orphan.patientId,
      ]),
    ).toEqual([]);
    expect(await ask(engine, 'vault', 'SELECT FROM vault.patient_keys WHERE confirmed_at IS NULL')).toEqual(
      [],
    );
    const entries = await ask<{ outcome: string }>(
      engine,
      'audit',
      `SELECT outcome FROM audit.audit_logs WHERE action = 'key.swept' ORDER BY at`,
    );
    expect(entries.map(({ outcome }) => outcome)).toEqual(['intent', 'success']);
    expect(await find('Petra')).toEqual(['Petra Patientson']);
  });

  it('leaves no token to a destroyed patient, not even one that a request wrote which held the key', async () => {
    const id = await add('Lettice Lateling');
    const copied = await ask<{ token: Buffer; clinic_id: string; token_key_id: string }>(
      engine,
      'clinical',
      'SELECT token, clinic_id, token_key_id FROM clinical.patient_search_tokens WHERE patient_id = $1',
      [id],
    );
    await destroyPatientKey(keyWorkOf(engine), { tenantId: tenantId(), patientId: id });
    for (const row of copied)
      await ask(engine, 'clinical', `INSERT INTO clinical.patient_search_tokens VALUES ($1, $2, $3, $4, $5)`, [
        tenantId(), row.token, id, row.clinic_id, row.token_key_id,
      ]); // prettier-ignore
    await sweepKeys(keyWorkOf(engine), tenantId());
    expect(await keysOf(id)).toEqual([]);
    expect(await proveDestruction(keyWorkOf(engine), tenantId(), id)).toMatchObject({ holds: true });
  });
});
