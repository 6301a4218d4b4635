import { createLogger } from '@cordon/service';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { destroyPatientKey } from '../../apps/engine/src/keys/destroy-patient-key.ts';
import { beginKeyChange, describeKeyEvent } from '../../apps/engine/src/keys/key-events.ts';
import { createPatientKeys } from '../../apps/engine/src/keys/patient-keys.ts';
import { proveDestruction } from '../../apps/engine/src/keys/prove-destruction.ts';
import { checkVault, replayTombstones } from '../../apps/engine/src/keys/replay-tombstones.ts';
import { watchVault } from '../../apps/engine/src/keys/watch-vault.ts';
import { readEngineSettings } from '../../apps/engine/src/settings.ts';
import { startEngine } from '../../apps/engine/src/start-engine.ts';
import { ask, forgetKeys, keyWorkOf, readName, runKeyJob } from './key-jobs.ts';
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

const refusalOf = async (path: string, by = 'clinician') =>
  (await (await engine.send(engine.account(by), path)).json()) as { code: string };

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

  const yusuf = () => recordOf('Yusuf Yorkson');
  const tenantOfYork = () => engine.account('clinician of york').tenantId;
  const outcomesOf = async (patientId: string) =>
    (
      await ask<{ outcome: string }>(
        engine,
        'audit',
        `SELECT outcome FROM audit.audit_logs WHERE action = 'key.destroyed' AND resource_id = $1 ORDER BY at`,
        [patientId],
      )
    ).map(({ outcome }) => outcome);
  const placeHold = `INSERT INTO clinical.legal_holds (tenant_id, id, clinic_id, patient_id, key_id, reason, placed_by)
    SELECT tenant_id, gen_random_uuid(), clinic_id, id, key_id, full_name, gen_random_uuid() FROM clinical.patients WHERE id = $1`;

  it('is not taken up again when a hold was placed since it was begun', async () => {
    const work = keyWorkOf(engine);
    await beginKeyChange(work, tenantOfYork(), {
      action: 'key.destroyed',
      resourceType: 'PatientKey',
      resourceId: yusuf(),
    });
    await ask(engine, 'clinical', placeHold, [yusuf()]);
    await checkVault(work);
    expect(await readYusuf()).toBe('Yusuf Yorkson');
    await ask(engine, 'clinical', 'UPDATE clinical.legal_holds SET lifted_at = now()');
    await checkVault(work);
    expect(await readYusuf()).toBe('Yusuf Yorkson');
    expect(await outcomesOf(yusuf())).toEqual(['intent', 'failure']);
    await ask(engine, 'clinical', 'DELETE FROM clinical.legal_holds');
  });

  it('waits for a hold that is being placed at the same moment, and is refused by it', async () => {
    const clinical = new pg.Client(engine.stores.admin('clinical'));
    await clinical.connect();
    await clinical.query('BEGIN');
    await clinical.query(placeHold, [yusuf()]);
    const destroying = destroyPatientKey(keyWorkOf(engine), { tenantId: tenantOfYork(), patientId: yusuf() });
    const refused = expect(destroying).rejects.toMatchObject({ code: 'record-held' });
    await expect
      .poll(() =>
        ask(
          engine,
          'clinical',
          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'",
        ),
      ) // prettier-ignore
      .toHaveLength(1);
    await clinical.query('COMMIT');
    await clinical.end();
    await refused;
    forgetKeys(engine);
    expect(await readYusuf()).toBe('Yusuf Yorkson');
    await ask(engine, 'clinical', 'DELETE FROM clinical.legal_holds');
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
    expect(await outcomesOf(petra())).toEqual(['intent', 'success']);
  });

  it('is one destruction, however often it is asked for', async () => {
    expect(
      await runKeyJob(engine, { verb: 'destroy', tenantId: tenantId(), patientId: petra() }),
    ).toMatchObject(destroyed);
    expect(await outcomesOf(petra())).toHaveLength(2);
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
