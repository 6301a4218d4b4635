import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFormCase, loadForm } from '../forms/cases.ts';
import { searchStores } from './search-stores.ts';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';
import { uploadForm } from './upload-form.ts';

let engine: TestEngine;
let receptionist: SeedAccount;
let clinician: SeedAccount;
beforeAll(async () => {
  engine = await runEngine();
  receptionist = engine.account('receptionist');
  clinician = engine.account('clinician');
});
afterAll(() => engine.close());

interface Entry {
  action: string;
  outcome: string;
  decision: string;
  reason_code: string;
  resource_id: string | null;
  patient_pseudonym: string | null;
  id: string;
  intent_id: string | null;
  request_id: string | null;
}

async function auditEntries(where: string, values: unknown[] = []): Promise<Entry[]> {
  const client = new pg.Client(engine.stores.admin('audit'));
  await client.connect();
  try {
    return (await client.query<Entry>(`SELECT * FROM audit.audit_logs WHERE ${where} ORDER BY at`, values))
      .rows;
  } finally {
    await client.end();
  }
}

describe('the main job', () => {
  it("takes a form in without its card number, and the clinic's clinician reads the record", async () => {
    const form = findFormCase('lines-card-in-notes');
    const answer = await uploadForm(engine, receptionist, await loadForm(form.id));
    expect(answer.status).toBe(201);
    const { patientId, intakeFormId, cardNumbersRemoved } = (await answer.json()) as {
      patientId: string;
      intakeFormId: string;
      cardNumbersRemoved: number;
    };
    expect(cardNumbersRemoved).toBeGreaterThan(0);

    const opened = await engine.send(clinician, `/v1/patients/${patientId}`);
    expect(opened.status).toBe(200);
    expect(await opened.json()).toMatchObject({
      id: patientId,
      profile: form.expected.outcome === 'read' ? { fullName: form.expected.fields.fullName } : {},
    });
    const forms = await engine.send(clinician, `/v1/patients/${patientId}/intake-forms`);
    const { items } = (await forms.json()) as { items: { id: string; text: string }[] };
    expect(items).toHaveLength(1);
    expect(items[0]?.text).toContain('[REDACTED-PAN]');
    for (const planted of form.plantedNumbers) {
      expect(items[0]?.text.replace(/\D/g, '')).not.toContain(planted.replace(/\D/g, ''));
      expect(await searchStores(engine, planted), 'where the number was found').toEqual([]);
    }

    const created = await auditEntries('resource_id = $1 AND action = $2', [intakeFormId, 'record.created']);
    expect(created.map((entry) => entry.outcome)).toContain('intent');
    const opening = await auditEntries('resource_id = $1 AND action = $2', [patientId, 'record.opened']);
    expect(opening).toHaveLength(1);
    expect(opening[0]?.patient_pseudonym).not.toBeNull();
    expect(opening[0]?.patient_pseudonym).not.toBe(patientId);
    await expect
      .poll(async () =>
        (await auditEntries('intent_id = $1', [created[0]?.id])).map((entry) => entry.outcome),
      )
      .toEqual(['success']);
    const outcome = await auditEntries('intent_id = $1', [created[0]?.id]);
    expect(outcome[0]?.request_id).toBe(created[0]?.request_id);
    expect(
      await auditEntries('action = $1 AND resource_id = $2', ['security.pan-detected', intakeFormId]),
    ).toHaveLength(1);
  });

  it('finds what is there: the search is proven by a value that was stored in the clear', async () => {
    expect(await searchStores(engine, 'northgate-leeds')).not.toEqual([]);
  });

  it('keeps no name in the clear in any store', async () => {
    expect(await searchStores(engine, 'Patientson')).toEqual([]);
  });

  it('shows a receptionist what booking needs and nothing more', async () => {
    const patientId = engine.account('Petra Patientson').patientRecordId ?? '';
    const opened = await engine.send(receptionist, `/v1/patients/${patientId}`);
    expect(await opened.json()).toMatchObject({
      profile: { fullName: 'Petra Patientson', phone: '01632960123', address: null, nhsNumber: null },
    });
  });

  it('refuses a form without a name, says which field and why, and leaves nothing behind', async () => {
    const before = await countPatients();
    const answer = await uploadForm(engine, receptionist, await loadForm('without-a-name'));
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ fields: [{ field: 'fullName', reason: 'missing' }] });
    expect(await countPatients()).toBe(before);
  });

  it("gives an answer for a stranger's clinic that stores nothing", async () => {
    const foreign = engine.account('clinician of riverside').clinicIds[0];
    const before = await countPatients();
    const answer = await uploadForm(engine, receptionist, await loadForm('boxed-clean'), {
      clinicId: foreign ?? '',
    });
    expect(answer.status).toBe(403);
    expect(await countPatients()).toBe(before);
  });

  it('logs neither names nor numbers', () => {
    expect(engine.logLines()).not.toMatch(/Patientson|4111|5555 ?5555/);
    expect(engine.logLines()).toContain('SECURITY_EVENT:PAN_DETECTED');
  });
});

async function countPatients(): Promise<number> {
  const client = new pg.Client(engine.stores.admin('clinical'));
  await client.connect();
  try {
    return (
      (await client.query<{ n: number }>('SELECT count(*)::int AS n FROM clinical.patients')).rows[0]?.n ?? -1
    );
  } finally {
    await client.end();
  }
}
