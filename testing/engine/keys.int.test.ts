import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@cordon/service';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { destroyPatientKey } from '../../apps/engine/src/keys/destroy-patient-key.ts';
import { beginKeyChange, describeKeyEvent } from '../../apps/engine/src/keys/key-events.ts';
import { createPatientKeys } from '../../apps/engine/src/keys/patient-keys.ts';
import { proveDestruction } from '../../apps/engine/src/keys/prove-destruction.ts';
import { checkVault, replayTombstones } from '../../apps/engine/src/keys/replay-tombstones.ts';
import { rotatePatientKey } from '../../apps/engine/src/keys/rotate-patient-key.ts';
import { rotateTenantKey } from '../../apps/engine/src/keys/rotate-tenant-key.ts';
import { watchVault } from '../../apps/engine/src/keys/watch-vault.ts';
import { readEngineSettings } from '../../apps/engine/src/settings.ts';
import { startEngine } from '../../apps/engine/src/start-engine.ts';
import { ask, forgetKeys, keyWorkOf, readCells, readKeyRows, runKeyJob } from './key-jobs.ts';
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

/** The name that a clinician reads, or the status of the refusal. */
async function readName(patient: string, by: string): Promise<string | number> {
  const answer = await engine.send(engine.account(by), `/v1/patients/${recordOf(patient)}`);
  if (answer.status !== 200) return answer.status;
  return ((await answer.json()) as { profile: { fullName: string } }).profile.fullName;
}
const readPetra = () => readName('Petra Patientson', 'clinician');
const readYusuf = () => readName('Yusuf Yorkson', 'clinician of york');

const cells = () => readCells(engine);
const keyRows = () => readKeyRows(engine);
const refusalOf = async (path: string, by = 'clinician') =>
  (await (await engine.send(engine.account(by), path)).json()) as { code: string };

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

describe('the destruction of a key', () => {
  const destroyed = { answer: { holds: true, keysInVault: 0, searchTokens: 0 } };
  let backup: { keys: object[]; pseudonyms: object[]; row: { full_name: Buffer } | undefined };

  it('is refused while a legal hold is in force', async () => {
    await ask(engine, 'clinical',
      `INSERT INTO clinical.legal_holds (tenant_id, id, clinic_id, patient_id, key_id, reason, placed_by)
       SELECT tenant_id, gen_random_uuid(), clinic_id, id, key_id, full_name, gen_random_uuid() FROM clinical.patients WHERE id = $1`,
      [petra()]); // prettier-ignore
    const request = { tenantId: tenantId(), patientId: petra() };
    await expect(destroyPatientKey(keyWorkOf(engine), request)).rejects.toMatchObject({
      code: 'record-held',
    });
    await ask(engine, 'clinical', 'UPDATE clinical.legal_holds SET lifted_at = now()');
    expect(await readPetra()).toBe('Petra Patientson');
  });

  it('makes the record unreadable, deletes its search tokens, and proves both', async () => {
    const copy = (table: string) =>
      ask<{ row: object }>(
        engine,
        'vault',
        `SELECT to_jsonb(t) AS row FROM vault.${table} t WHERE patient_id = $1`,
        [petra()],
      );
    const [row] = await ask<{ full_name: Buffer }>(
      engine,
      'clinical',
      'SELECT full_name FROM clinical.patients WHERE id = $1',
      [petra()],
    );
    backup = { keys: await copy('patient_keys'), pseudonyms: await copy('audit_pseudonyms'), row };
    expect(
      await runKeyJob(engine, { verb: 'destroy', tenantId: tenantId(), patientId: petra() }),
    ).toMatchObject(destroyed);
    forgetKeys(engine);
    expect(await readPetra()).toBe(410);
    expect(await readYusuf()).toBe('Yusuf Yorkson');
    const list = (await (await engine.send(engine.account('clinician'), '/v1/patients')).json()) as {
      items: { state: string; fullName: null }[];
    };
    expect(list.items).toMatchObject([{ state: 'destroyed', fullName: null }]);
    const events = await ask<{ outcome: string }>(
      engine,
      'audit',
      `SELECT outcome FROM audit.audit_logs WHERE action = 'key.destroyed' ORDER BY at`,
    );
    expect(events.map((event) => event.outcome)).toEqual(['intent', 'success']);
  });

  it('is one destruction, however often it is asked for', async () => {
    expect(
      await runKeyJob(engine, { verb: 'destroy', tenantId: tenantId(), patientId: petra() }),
    ).toMatchObject(destroyed);
    expect(
      await ask(engine, 'audit', `SELECT FROM audit.audit_logs WHERE action = 'key.destroyed'`),
    ).toHaveLength(2);
    await expect(
      destroyPatientKey(keyWorkOf(engine), { tenantId: tenantId(), patientId: tenantId() }),
    ).rejects.toMatchObject({ code: 'record-unknown' });
  });

  it('holds for a backup of the record that is put back', async () => {
    await ask(engine, 'clinical', 'UPDATE clinical.patients SET full_name = $2 WHERE id = $1', [
      petra(),
      backup.row?.full_name,
    ]);
    expect(await readPetra()).toBe(410);
  });

  async function restoreRows(): Promise<void> {
    for (const [table, rows] of [
      ['patient_keys', backup.keys],
      ['audit_pseudonyms', backup.pseudonyms],
    ] as const)
      for (const { row } of rows as { row: object }[])
        await ask(
          engine,
          'vault',
          `INSERT INTO vault.${table} SELECT * FROM jsonb_populate_record(NULL::vault.${table}, $1)`,
          [JSON.stringify(row)],
        );
  }

  it('outlives rows that are put back beside the tombstone, in every process and at once', async () => {
    await restoreRows();
    forgetKeys(engine);
    expect(await readPetra()).toBe(410);
    // A process that was started since knows of the destruction by the tombstone alone.
    const { stores, tenantKeys, audit } = engine.running.engine;
    const fresh = createPatientKeys(stores, tenantKeys);
    const pseudonym = (await fresh.pseudonyms(tenantId(), [petra()])).get(petra());
    const receipt = await audit.append([
      { ...describeKeyEvent(tenantId(), { action: 'key.swept', resourceType: 'PatientKey', resourceId: petra(), patientPseudonym: pseudonym }), outcome: 'none' },
    ]); // prettier-ignore
    expect(await fresh.load(tenantId(), [petra()], receipt)).toEqual(new Map());
    fresh.close();
    await checkVault(keyWorkOf(engine));
    expect(
      await ask(engine, 'vault', 'SELECT FROM vault.patient_keys WHERE patient_id = $1', [petra()]),
    ).toEqual([]);
    expect(
      await ask(engine, 'vault', 'SELECT FROM vault.audit_pseudonyms WHERE patient_id = $1', [petra()]),
    ).toEqual([]);
    expect(engine.logLines()).toContain('DESTROYED_KEYS_RETURNED');
  });

  async function restoreVault(): Promise<void> {
    await ask(engine, 'vault', 'DELETE FROM vault.tombstones');
    await restoreRows();
  }

  it('outlives a vault that is restored from before: nothing is served until the tombstones are replayed', async () => {
    const vault = await watchVault(keyWorkOf(engine));
    await restoreVault();
    // Before anybody has looked at the vault again.
    forgetKeys(engine);
    expect(await readPetra()).toBe(410);
    await vault.check();
    expect(await refusalOf(`/v1/patients/${petra()}`)).toMatchObject({ code: 'vault-older' });
    expect(await refusalOf(`/v1/patients/${recordOf('Yusuf Yorkson')}`, 'clinician of york')).toMatchObject({
      code: 'vault-older',
    });
    const logger = createLogger({ app: 'second engine', destination: { write: () => undefined } });
    await expect(startEngine(readEngineSettings(engine.environment), logger)).rejects.toMatchObject({
      code: 'vault-older',
    });
    expect(await runKeyJob(engine, { verb: 'rotate-root' })).toMatchObject({
      answer: { error: { code: 'vault-older' } },
    });

    expect(await runKeyJob(engine, { verb: 'replay' })).toMatchObject({ answer: { replayed: 1 } });
    expect(await replayTombstones(keyWorkOf(engine))).toBe(0);
    await vault.check();
    await vault.close();
    expect(await readPetra()).toBe(410);
    expect(await readYusuf()).toBe('Yusuf Yorkson');
    expect(await proveDestruction(keyWorkOf(engine), tenantId(), petra())).toMatchObject({ holds: true });
  });

  it('that ended after its tombstone is taken up by the next check', async () => {
    await ask(engine, 'vault', 'UPDATE vault.tombstones SET finished_at = NULL WHERE patient_id = $1', [
      petra(),
    ]);
    await checkVault(keyWorkOf(engine));
    expect(await proveDestruction(keyWorkOf(engine), tenantId(), petra())).toMatchObject({ holds: true });
  });

  it('that ended after its intent is taken up by the next check', async () => {
    const work = keyWorkOf(engine);
    const victim = recordOf('Yusuf Yorkson');
    await beginKeyChange(work, tenantId(), {
      action: 'key.destroyed',
      resourceType: 'PatientKey',
      resourceId: victim,
      patientPseudonym: (await work.patientKeys.pseudonyms(tenantId(), [victim])).get(victim),
    });
    await checkVault(work);
    expect(await proveDestruction(work, tenantId(), victim)).toMatchObject({ holds: true });
    forgetKeys(engine);
    expect(await readYusuf()).toBe(410);
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
