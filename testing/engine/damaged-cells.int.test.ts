import { placeDigest } from '@cordon/field-encryption';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rotatePatientKey } from '../../apps/engine/src/keys/rotate-patient-key.ts';
import { ask, forgetKeys, keyWorkOf } from './key-jobs.ts';
import { addPatient } from './patient-requests.ts';
import { runEngine, type TestEngine } from './run-engine.ts';

const names = ['Ambrose Firstling', 'Beatrix Second', 'Cuthbert Thirdman'];
let engine: TestEngine;
let ids: string[];
let sound: { id: string; full_name: Buffer; date_of_birth: Buffer; email: Buffer }[];

/** Columns without their type, as somebody has them who writes into the data files. */
beforeAll(async () => {
  engine = await runEngine();
  for (const column of ['full_name', 'date_of_birth', 'email'])
    await ask(engine, 'clinical', `ALTER TABLE clinical.patients ALTER COLUMN ${column} TYPE bytea`);
  ids = [];
  for (const fullName of names) ids.push(await add(fullName));
  sound = await ask(engine, 'clinical', 'SELECT id, full_name, date_of_birth, email FROM clinical.patients');
});
afterAll(() => engine.close());
beforeEach(async () => {
  for (const row of sound)
    await ask(engine, 'clinical', 'UPDATE clinical.patients SET full_name = $2, date_of_birth = $3, email = $4 WHERE id = $1', [
      row.id, row.full_name, row.date_of_birth, row.email,
    ]); // prettier-ignore
});

const victim = () => ids[1] ?? '';
const cellOf = (id: string, column: 'full_name' | 'date_of_birth' | 'email' = 'full_name'): Buffer => {
  const row = sound.find((each) => each.id === id);
  if (row === undefined) throw new Error('the row is not there');
  return row[column];
};

const add = (fullName: string) => addPatient(engine, { fullName, email: 'one@example.com' });

/** A message that opens under the patient's own key to the right text in the right place, made otherwise than Cordon makes it. */
async function sealedOtherwise(options: string): Promise<Buffer> {
  const { patientKeys, audit } = engine.running.engine;
  const { tenantId } = engine.account('clinician');
  const patientPseudonym = (await patientKeys.pseudonyms(tenantId, [victim()])).get(victim());
  const receipt = await audit.append([
    {
      id: crypto.randomUUID(), tenantId, initiatorType: 'system', action: 'record.opened', dataClassIds: ['patientProfile'],
      patientPseudonym, decision: 'permit', reasonCode: 'granted', outcome: 'none',
    },
  ]); // prettier-ignore
  const key = (await patientKeys.load(tenantId, [victim()], receipt)).get(victim())?.key.toString('base64');
  const place = { tenantId, table: 'clinical.patients', column: 'full_name', rowId: victim() };
  const [row] = await ask<{ cell: Buffer }>(
    engine,
    'clinical',
    'SELECT pgcrypto.pgp_sym_encrypt_bytea($1, $2, $3) AS cell',
    [Buffer.concat([placeDigest(place), Buffer.from('Forged Name')]), key, options],
  );
  return row?.cell ?? Buffer.alloc(0);
}

const usualOptions = 'cipher-algo=aes256, s2k-mode=1, s2k-digest-algo=sha1, compress-algo=0';
function flipped(cell: Buffer, at: number): Buffer {
  const copy = Buffer.from(cell);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

const attacks: readonly (readonly [what: string, cell: () => Buffer | Promise<Buffer>])[] = [
  ['cut at its end', () => cellOf(victim()).subarray(0, -5)],
  ['cut to its head', () => cellOf(victim()).subarray(0, 16)],
  ['emptied', () => Buffer.alloc(0)],
  ['changed by a bit in the middle', () => flipped(cellOf(victim()), 40)],
  ['changed by a bit at the end', () => flipped(cellOf(victim()), cellOf(victim()).length - 1)],
  ['taken from another row', () => cellOf(ids[0] ?? '')],
  ['taken from another column of the row', () => cellOf(victim(), 'email')],
  ['taken from another tenant', () => cellOf(engine.account('Rita Riverson').patientRecordId ?? '')],
  ['stripped of its integrity packet', () => sealedOtherwise(`${usualOptions}, disable-mdc=1`)],
  ['sealed by a weaker cipher', () => sealedOtherwise('cipher-algo=aes128, s2k-mode=1, s2k-digest-algo=sha1, compress-algo=0')],
]; // prettier-ignore

describe('a cell', () => {
  it.each(attacks)(
    '%s closes its record, leaves an audit entry, and leaves every other record open',
    async (_what, make) => {
      const cell = await make();
      expect(cell.equals(cellOf(victim()))).toBe(false);
      await ask(engine, 'clinical', 'UPDATE clinical.patients SET full_name = $2 WHERE id = $1', [
        victim(),
        cell,
      ]);
      forgetKeys(engine);
      const refusals = () =>
        ask<{ resource_id: string; decision: string }>(
          engine,
          'audit',
          `SELECT resource_id, decision FROM audit.audit_logs
           WHERE action = 'security.cell-refused' AND reason_code = 'damaged-or-misplaced' ORDER BY at`,
        );
      const before = await refusals();

      const opened = await engine.send(engine.account('clinician'), `/v1/patients/${victim()}`);
      const told = await opened.text();
      expect(opened.status).toBe(500);
      expect(JSON.parse(told)).toMatchObject({
        code: 'record-damaged',
        title: expect.stringContaining('backup') as string,
      });
      // Nothing of the record, not even of its sound cells.
      for (const text of ['1971-11-23', 'one@example.com', 'Forged', ...names])
        expect(told).not.toContain(text);

      const list = await engine.send(engine.account('clinician'), '/v1/patients');
      expect(list.status).toBe(200);
      const { items } = (await list.json()) as {
        items: { id: string; state: string; fullName: string | null }[];
      };
      expect(items.find(({ id }) => id === victim())).toMatchObject({
        state: 'damaged',
        fullName: null,
        dateOfBirth: null,
      });
      const others = items.filter(({ id }) => id !== victim());
      expect(others.map(({ fullName }) => fullName).sort()).toEqual([
        'Ambrose Firstling',
        'Cuthbert Thirdman',
        'Petra Patientson',
      ]);
      expect(others.every(({ state }) => state === 'open')).toBe(true);

      expect((await refusals()).slice(before.length)).toEqual([
        { resource_id: victim(), decision: 'deny' },
        { resource_id: victim(), decision: 'deny' },
      ]);
      // And the process lives.
      expect((await engine.send(null, '/health/live')).status).toBe(200);
    },
  );

  it('that is damaged is not written over by a change of the rest of its record', async () => {
    const path = `/v1/patients/${victim()}`;
    const etag = (await engine.send(engine.account('clinician'), path)).headers.get('etag') ?? '';
    const cell = flipped(cellOf(victim()), 40);
    await ask(engine, 'clinical', 'UPDATE clinical.patients SET full_name = $2 WHERE id = $1', [
      victim(),
      cell,
    ]);
    const answer = await engine.send(engine.account('receptionist'), path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'if-match': etag },
      body: JSON.stringify({ fullName: 'Beatrix Overwritten' }),
    });
    expect(await answer.json()).toMatchObject({ code: 'record-damaged' });
    const [row] = await ask<{ full_name: Buffer }>(
      engine,
      'clinical',
      'SELECT full_name FROM clinical.patients WHERE id = $1',
      [victim()],
    );
    expect(row?.full_name.equals(cell)).toBe(true);
  });

  it('whose key is another patient’s is refused like any other', async () => {
    const work = keyWorkOf(engine);
    await ask(engine, 'vault', `UPDATE vault.patient_keys SET wrapped = (SELECT wrapped FROM vault.patient_keys WHERE patient_id = $2) WHERE patient_id = $1`,
      [ids[2], ids[0]]); // prettier-ignore
    work.patientKeys.forgetAll();
    forgetKeys(engine);
    const answer = await engine.send(engine.account('clinician'), `/v1/patients/${ids[2] ?? ''}`);
    expect(await answer.json()).toMatchObject({ code: 'keys-unavailable' });
  });

  it('under the key before is changed like any other while that key is being replaced', async () => {
    const path = `/v1/patients/${victim()}`;
    const [row] = await ask<{ key_id: string }>(
      engine,
      'clinical',
      'SELECT key_id FROM clinical.patients WHERE id = $1',
      [victim()],
    );
    await rotatePatientKey(keyWorkOf(engine), engine.account('clinician').tenantId, victim());
    const under = sound.find(({ id }) => id === victim());
    await ask(engine, 'clinical', 'UPDATE clinical.patients SET full_name = $2, date_of_birth = $3, email = $4, key_id = $5 WHERE id = $1', [
      victim(), under?.full_name, under?.date_of_birth, under?.email, row?.key_id,
    ]); // prettier-ignore
    forgetKeys(engine);
    const etag = (await engine.send(engine.account('clinician'), path)).headers.get('etag') ?? '';
    const answer = await engine.send(engine.account('receptionist'), path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'if-match': etag },
      body: JSON.stringify({ fullName: 'Beatrix Married' }),
    });
    expect(answer.status, await answer.text()).toBeLessThan(300);
    const read = await engine.send(engine.account('clinician'), path);
    expect(await read.json()).toMatchObject({
      profile: { fullName: 'Beatrix Married', email: 'one@example.com' },
    });
  });

  it('of a lead closes that lead alone, and leaves its entry', async () => {
    const receptionist = engine.account('receptionist');
    for (const fullName of ['Leander One', 'Leander Two'])
      await engine.send(receptionist, '/v1/leads', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          fullName,
          contact: 'lead@example.com',
          consentToContact: true,
          consentWordingVersion: 1,
        }),
      });
    await ask(engine, 'marketing', 'ALTER TABLE marketing.leads ALTER COLUMN contact TYPE bytea');
    const [spoilt] = await ask<{ id: string }>(engine, 'marketing', 'SELECT id FROM marketing.leads LIMIT 1');
    await ask(
      engine,
      'marketing',
      `UPDATE marketing.leads SET contact = substring(contact FROM 1 FOR 30) WHERE id = $1`,
      [spoilt?.id],
    );
    const list = (await (await engine.send(receptionist, '/v1/leads')).json()) as {
      items: { id: string; contact: string | null }[];
    };
    expect(list.items.find(({ id }) => id === spoilt?.id)?.contact).toBeNull();
    expect(list.items.filter(({ contact }) => contact === 'lead@example.com')).toHaveLength(1);
    expect(
      await ask(
        engine,
        'audit',
        `SELECT FROM audit.audit_logs WHERE action = 'security.cell-refused' AND resource_id = $1`,
        [spoilt?.id],
      ),
    ).toHaveLength(1);
  });
});
