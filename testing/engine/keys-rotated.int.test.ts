import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@cordon/service';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rotatePatientKey } from '../../apps/engine/src/keys/rotate-patient-key.ts';
import { rotateTenantKey } from '../../apps/engine/src/keys/rotate-tenant-key.ts';
import { readEngineSettings } from '../../apps/engine/src/settings.ts';
import { startEngine } from '../../apps/engine/src/start-engine.ts';
import { ask, forgetKeys, keyWorkOf, readCells, readKeyRows, readName, runKeyJob } from './key-jobs.ts';
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
const recordOf = (name: string) => engine.account(name).patientRecordId ?? '';
const petra = () => recordOf('Petra Patientson');

const readPetra = () => readName(engine, 'Petra Patientson', 'clinician');
const readYusuf = () => readName(engine, 'Yusuf Yorkson', 'clinician of york');

const cells = () => readCells(engine);
const keyRows = () => readKeyRows(engine);

describe('a new root key', () => {
  it('wraps every tenant key anew while the engine serves, and touches neither data nor patients’ keys', async () => {
    const before = { cells: await cells(), keys: await keyRows() };
    const roots = () =>
      ask<{ root_key_id: string }>(engine, 'vault', 'SELECT DISTINCT root_key_id FROM vault.tenant_keys');
    const [old] = await roots();
    const done = await runKeyJob(engine, { verb: 'rotate-root' });
    expect(done).toMatchObject({ answer: { resumed: false, rewrapped: 4 } });
    const now = await roots();
    expect(now).toHaveLength(1);
    expect(now).not.toEqual([old]);
    expect({ cells: await cells(), keys: await keyRows() }).toEqual(before);
    forgetKeys(engine);
    expect(await readPetra()).toBe('Petra Patientson');
  });
});

describe('a new tenant key', () => {
  it('wraps every patient key anew and touches no data; the one before goes once nobody can hold it', async () => {
    const before = { cells: await cells(), keys: await keyRows() };
    const done = await rotateTenantKey(keyWorkOf(engine), tenantId());
    expect(done).toMatchObject({ rewrapped: 2, removed: 0, waiting: 1 });
    expect(await cells()).toEqual(before.cells);
    const now = await keyRows();
    expect(now.filter((row, index) => row.wrapped !== before.keys[index]?.wrapped)).toHaveLength(2);
    forgetKeys(engine);
    expect(await readPetra()).toBe('Petra Patientson');
    await ask(
      engine,
      'vault',
      `UPDATE vault.tenant_keys SET retired_at = now() - interval '1 hour' WHERE retired_at IS NOT NULL`,
    );
    // Nothing is pending, so this run makes a further key, and takes away the one that nobody holds.
    expect(await rotateTenantKey(keyWorkOf(engine), tenantId())).toMatchObject({
      rewrapped: 2,
      removed: 1,
      waiting: 1,
    });
    forgetKeys(engine);
    expect(await readPetra()).toBe('Petra Patientson');
  });
});

describe('a new key of a patient', () => {
  it('is under every cell, and readers notice nothing, whichever key they hold', async () => {
    expect(await readPetra()).toBe('Petra Patientson');
    const before = await cells();
    // The engine goes on with the key that it has in its cache.
    const other = await runKeyJob(engine, {
      verb: 'rotate-patient',
      tenantId: tenantId(),
      patientId: petra(),
    });
    expect(other).toMatchObject({ answer: { resealed: 1, unopened: 0, complete: false } });
    expect(await readPetra()).toBe('Petra Patientson');
    const now = await cells();
    expect(now.filter((row, index) => row.cell !== before[index]?.cell)).toHaveLength(1);
    expect(now.filter((row, index) => row.key_id !== before[index]?.key_id)).toHaveLength(1);
    const refused = await ask(
      engine,
      'audit',
      `SELECT FROM audit.audit_logs WHERE action = 'security.cell-refused'`,
    );
    expect(refused).toEqual([]);
  });

  it('takes along what somebody sealed with the earlier key meanwhile, and then that key goes', async () => {
    const [row] = await ask<{ cell: Buffer }>(
      engine,
      'clinical',
      'SELECT phone AS cell FROM clinical.patients WHERE id = $1',
      [petra()],
    );
    await rotatePatientKey(keyWorkOf(engine), tenantId(), petra());
    await ask(
      engine,
      'vault',
      `UPDATE vault.patient_keys SET superseded_at = now() - interval '1 hour' WHERE superseded_at IS NOT NULL`,
    );
    const done = await rotatePatientKey(keyWorkOf(engine), tenantId(), petra());
    expect(done).toMatchObject({ unopened: 0, complete: true });
    const keys = await ask(engine, 'vault', 'SELECT FROM vault.patient_keys WHERE patient_id = $1', [
      petra(),
    ]);
    expect(keys).toHaveLength(1);
    expect(await readPetra()).toBe('Petra Patientson');
    expect(row?.cell).toBeDefined();
  });

  it('leaves a damaged cell as it is, keeps the earlier key for it, and says so', async () => {
    await ask(engine, 'clinical', 'UPDATE clinical.patients y SET phone = p.phone FROM clinical.patients p WHERE y.id = $1 AND p.id = $2', [
      recordOf('Yusuf Yorkson'), petra(),
    ]); // prettier-ignore
    await rotatePatientKey(keyWorkOf(engine), tenantId(), recordOf('Yusuf Yorkson'));
    await ask(
      engine,
      'vault',
      `UPDATE vault.patient_keys SET superseded_at = now() - interval '1 hour' WHERE superseded_at IS NOT NULL`,
    );
    const done = await rotatePatientKey(keyWorkOf(engine), tenantId(), recordOf('Yusuf Yorkson'));
    expect(done).toMatchObject({ unopened: 1, complete: false });
    await ask(engine, 'clinical', 'UPDATE clinical.patients SET phone = NULL WHERE id = $1', [
      recordOf('Yusuf Yorkson'),
    ]);
    expect(await rotatePatientKey(keyWorkOf(engine), tenantId(), recordOf('Yusuf Yorkson'))).toMatchObject({
      complete: true,
    });
    expect(await readYusuf()).toBe('Yusuf Yorkson');
  });
});

it('refuses to start with another root key, and says what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-root-'));
  const file = join(folder, 'root.key');
  await writeFile(file, Buffer.alloc(32, 7), { mode: 0o600 });
  const logger = createLogger({ app: 'second engine', destination: { write: () => undefined } });
  const settings = readEngineSettings({ ...engine.environment, CORDON_ROOT_KEY_FILE: file });
  await expect(startEngine(settings, logger)).rejects.toMatchObject({ code: 'root-key-wrong' });
  await rm(folder, { recursive: true });
});
