import { cloneStores } from '../stores.ts';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormReader } from '../../apps/engine/src/features/intake/index.ts';
import { openAlertStream } from './alert-console.ts';
import { runEngineOn, type SeedAccount, type TestEngine } from './run-engine-on.ts';
import { uploadForm } from './upload-form.ts';

/** A form is its reason for the visit: what reading a picture finds is tested elsewhere. */
const reader: FormReader = {
  read: (bytes) => {
    const reasonForVisit = bytes.toString('utf8');
    return Promise.resolve({
      fields: { fullName: 'Amira Holloway', dateOfBirth: '1984-03-17', phone: '07700900123', reasonForVisit },
      scrubbedText: reasonForVisit,
      cardNumbersRemoved: 0,
      warnings: [],
      pages: 1,
      pictures: { state: 'none', pages: [] },
    });
  },
  close: () => Promise.resolve(),
};

let engine: TestEngine;
let clinical: pg.Client;
let audit: pg.Client;
let receptionist: SeedAccount;
beforeAll(async () => {
  engine = await runEngineOn(await cloneStores(), undefined, { reader });
  clinical = new pg.Client(engine.stores.admin('clinical'));
  audit = new pg.Client(engine.stores.admin('audit'));
  await Promise.all([clinical.connect(), audit.connect()]);
  receptionist = engine.account('receptionist');
});
afterAll(async () => {
  await Promise.all([clinical.end(), audit.end()]);
  await engine.close();
});

interface Received {
  readonly intakeFormId: string;
  readonly patientId: string;
  readonly alertId: string | null;
}
async function send(reason: string): Promise<Received> {
  const answer = await uploadForm(engine, receptionist, Buffer.from(reason));
  expect(answer.status).toBe(201);
  return (await answer.json()) as Received;
}

const settings = (account: string, change: object): Promise<Response> =>
  engine.send(engine.account(account), `/v1/clinics/${receptionist.clinicIds[0] ?? ''}/settings`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });

async function outcomesOf(resourceId: string): Promise<string[]> {
  const { rows } = await audit.query<{ outcome: string }>(
    `SELECT o.outcome FROM audit.audit_logs i JOIN audit.audit_logs o ON o.intent_id = i.id
     WHERE i.resource_id = $1 AND i.action = 'record.created'`,
    [resourceId],
  );
  return rows.map(({ outcome }) => outcome);
}

describe('an intake form with one of the clinic’s red flags', () => {
  it('raises an alert that goes the way of every other, with its own entry in the log', async () => {
    const view = await openAlertStream(engine, engine.account('clinician'));
    const { patientId, intakeFormId, alertId } = await send('Facial swelling since Monday, Amira says');
    const event = await view.next((each) => each.id === alertId && each.change === 'PENDING');
    expect(event).toMatchObject({ message: 'The intake form says: facial swelling. Read the form.', urgency: 'urgent' });
    await view.next((each) => each.id === alertId && each.change === 'DELIVERED');
    view.close();
    const { rows } = await clinical.query(
      `SELECT a.patient_id, a.source, a.message::text AS message,
         (SELECT count(*)::int FROM clinical.outbox o WHERE o.resource_id = a.id AND o.task IN ('escalate-alert', 'notify-alert')) AS jobs
       FROM clinical.alerts a WHERE a.id = $1`,
      [alertId],
    );
    expect(rows).toMatchObject([{ patient_id: patientId, source: 'intake', jobs: 2 }]);
    expect(JSON.stringify(rows)).not.toContain('swelling');
    await expect.poll(() => outcomesOf(alertId ?? '')).toEqual(['success']);
    await expect.poll(() => outcomesOf(intakeFormId)).toEqual(['success']);
    const taken = await engine.send(engine.account('clinician'), `/v1/alerts/${alertId ?? ''}/acknowledge`, { method: 'POST' });
    expect(taken.status).toBe(200);
  }); // prettier-ignore

  it('raises none without a flag, and none where the clinic chose none', async () => {
    expect((await send('A check-up')).alertId).toBeNull();
    const chosen = await settings('admin', { redFlags: [] });
    expect(await chosen.json()).toEqual({ keepsFormPictures: false, redFlags: [], telephone: null });
    expect((await send('Facial swelling')).alertId).toBeNull();
  });

  it('follows the words that the clinic’s administrator chooses, and nobody else', async () => {
    for (const account of ['receptionist', 'clinician', 'corporate admin', 'Petra Patientson'])
      expect((await settings(account, { redFlags: ['tooth pain'] })).status).toBe(403);
    expect((await settings('admin', { redFlags: ['Tooth pain '] })).status).toBe(200);
    expect((await send('TOOTH PAIN')).alertId).not.toBeNull();
  });

  it.each([
    [{ redFlags: ['Amira 1984-03-17'] }],
    [{ redFlags: Array.from({ length: 51 }, () => 'tooth pain') }],
    [{ redFlags: ['a'.repeat(41)] }],
    [{ redFlags: [null] }],
    [{ redFlags: 'tooth pain' }],
    [{}],
  ])('refuses words that are none: %j', async (change) => {
    expect((await settings('admin', change)).status).toBe(400);
  });

  it('is held by the store itself to words without room for a person', async () => {
    for (const words of ['{Amira}', '{"a|b"}', '{NULL}', '{07700900123}'])
      await expect(
        clinical.query('UPDATE clinical.clinics SET red_flags = $1', [words]),
      ).rejects.toMatchObject({
        code: '23514',
      });
  });
});
