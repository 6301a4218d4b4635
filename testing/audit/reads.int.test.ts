import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkEntryProof } from '@cordon/audit-log';
import { createLogger } from '@cordon/service';
import { generateSigningKey } from '@cordon/transparency-log';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startSequencer } from '../../apps/sequencer/src/start-sequencer.ts';
import { patientEvent } from './fhir-audit-event.ts';
import { ask } from '../engine/key-jobs.ts';
import { runEngineOn, type SeedAccount, type TestEngine } from '../engine/run-engine-on.ts';
import { cloneStores } from '../stores.ts';

let engine: TestEngine;
let folder: string;
let clinician: SeedAccount;
let auditor: SeedAccount;
let petra: SeedAccount;
const key = generateSigningKey('cordon.test/reads');
const trust = { origin: key.verifierKey.name, logKeys: [key.verifierKey] };

interface Item {
  id: string;
  at: string;
  action: string;
  decision: string;
  actorSubject: string | null;
  sentence: string;
  proof: { state: string; leafIndex: number | null };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-reads-'));
  engine = await runEngineOn(await cloneStores(), undefined, { environment: { CORDON_LOG_DIR: folder } });
  clinician = engine.account('clinician');
  auditor = engine.account('auditor');
  petra = engine.account('Petra Patientson');
  expect((await engine.send(clinician, `/v1/patients/${petra.patientRecordId ?? ''}`)).status).toBe(200);
  expect((await engine.send(engine.account('contractor'), '/v1/patients')).status).toBe(403);
  await sequenceAll();
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function sequenceAll(): Promise<void> {
  const database = engine.stores.connection('audit', 'sequencer');
  const sequencer = startSequencer(
    { database, signingKey: key, folder, copies: [], buckets: [], witnesses: [], keepYears: 7 },
    createLogger({ app: 'sequencer', level: 'error' }),
    { pollMs: 20, keepEveryMs: 0 },
  );
  const admin = new pg.Client(engine.stores.admin('audit'));
  await admin.connect();
  const left =
    'SELECT FROM audit.audit_logs a WHERE NOT EXISTS (SELECT FROM audit.audit_leaves l WHERE l.entry_id = a.id)';
  await vi.waitUntil(async () => (await admin.query(left)).rowCount === 0, { timeout: 60_000 });
  await admin.end();
  await sequencer.close();
}

async function list(account: SeedAccount, path: string): Promise<Item[]> {
  const response = await engine.send(account, path);
  expect(response.status).toBe(200);
  return ((await response.json()) as { items: Item[] }).items;
}

it('filters by actor, decision, action, time and patient, and shows each entry with its proof state', async () => {
  const opened = await list(auditor, `/v1/audit-entries?actor=${clinician.accountId}`);
  expect(opened.map((item) => [item.action, item.actorSubject])).toEqual([
    ['record.opened', clinician.accountId],
  ]);
  expect(opened[0]?.proof).toMatchObject({ state: 'proven' });
  const denied = await list(auditor, '/v1/audit-entries?decision=deny');
  expect(denied.length).toBeGreaterThan(0);
  expect(denied.every((item) => item.decision === 'deny')).toBe(true);
  const about = await list(
    auditor,
    `/v1/audit-entries?patient=${petra.patientRecordId ?? ''}&action=record.opened`,
  );
  expect(about.map((item) => item.id)).toEqual(opened.map((item) => item.id));
  expect(await list(auditor, '/v1/audit-entries?to=2001-01-01T00:00:00Z')).toEqual([]);
  const stranger = engine.account('Rita Riverson').patientRecordId ?? '';
  expect(await list(auditor, `/v1/audit-entries?patient=${stranger}`)).toEqual([]);
});

it('leaves an entry for every reading of the log, also of one that finds nothing', async () => {
  const before = (await list(auditor, '/v1/audit-entries?action=audit-log.read&limit=100')).length;
  expect((await list(auditor, '/v1/audit-entries?action=audit-log.read&limit=100')).length).toBe(before + 1);
});

it('exports CSV, NDJSON and FHIR, each row with its proof state, and records that it did', async () => {
  const take = async (format: string) => {
    const response = await engine.send(
      auditor,
      `/v1/audit-entries/export?format=${format}&actor=${clinician.accountId}`,
    );
    return { type: response.headers.get('content-type'), text: await response.text() };
  };
  const csv = await take('csv');
  expect(csv.type).toContain('text/csv');
  expect(csv.text.split('\r\n')[0]).toMatch(/^at,id,.*proofState,leafIndex$/);
  expect(csv.text.split('\r\n')[1]).toContain('"record.opened"');
  const ndjson = await take('ndjson');
  expect(JSON.parse(ndjson.text.trim())).toMatchObject({
    action: 'record.opened',
    proof: { state: 'proven' },
  });
  const fhir = JSON.parse((await take('fhir')).text.trim()) as Record<string, unknown>;
  expect(fhir).toMatchObject({
    resourceType: 'AuditEvent',
    meta: { profile: ['https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead'] },
    action: 'R',
    outcome: '0',
  });
  patientEvent.parse(fhir);
  // Patients are named by pseudonym alone.
  expect(JSON.stringify(fhir['entity'])).toContain('urn:cordon:audit-pseudonym');
  expect(await list(auditor, '/v1/audit-entries?action=audit-log.exported')).toHaveLength(3);
});

it('tells a patient in words who looked at their record, with a proof that verifies offline', async () => {
  const items = await list(petra, '/v1/me/access-report');
  expect(items.map((item) => item.sentence)).toEqual(
    expect.arrayContaining(['You opened this report.', 'A clinician opened your contact details.']),
  );
  const opened = items.find((item) => item.action === 'record.opened');
  const response = await engine.send(petra, `/v1/me/access-report/${opened?.id ?? ''}/proof`);
  expect(response.status).toBe(200);
  const checked = checkEntryProof(await response.text(), 'downloaded', trust);
  expect(checked.entry).toMatchObject({
    id: opened?.id,
    action: 'record.opened',
    actor_role: 'role.clinician',
  });
});

it('tells a patient of each change once, by whoever made it, and of one that failed', async () => {
  const told = await list(petra, '/v1/me/access-report');
  const kept = await ask<{ id: string; outcome: string; intent_id: string | null }>(
    engine,
    'audit',
    `SELECT id, outcome, intent_id FROM audit.audit_logs WHERE patient_pseudonym IS NOT NULL AND outcome IN ('intent', 'success')`,
  );
  const shown = new Set(told.map((item) => item.id));
  const intents = kept.filter(({ id, outcome }) => outcome === 'intent' && shown.has(id));
  expect(intents.length).toBeGreaterThan(0);
  const answered = kept.filter(
    ({ outcome, intent_id }) => outcome === 'success' && intents.some(({ id }) => id === intent_id),
  );
  expect(answered.length).toBeGreaterThan(0);
  expect(answered.filter(({ id }) => shown.has(id))).toEqual([]);
});

it('shows a patient nobody else’s entries and proves none', async () => {
  const own = new Set((await list(petra, '/v1/me/access-report')).map((item) => item.id));
  const others = await list(engine.account('Yusuf Yorkson'), '/v1/me/access-report');
  expect(others.some((item) => own.has(item.id))).toBe(false);
  const [first] = [...own];
  const response = await engine.send(
    engine.account('Yusuf Yorkson'),
    `/v1/me/access-report/${first ?? ''}/proof`,
  );
  expect(response.status).toBe(404);
});

it('refuses the report to staff, and the log and its export to patients and clinicians', async () => {
  expect((await engine.send(clinician, '/v1/me/access-report')).status).toBe(403);
  for (const account of [petra, clinician]) {
    expect((await engine.send(account, '/v1/audit-entries')).status).toBe(403);
    expect((await engine.send(account, '/v1/audit-entries/export?format=csv')).status).toBe(403);
  }
});

it('discloses nothing while the audit store refuses connections, and serves again by itself', async () => {
  const path = `/v1/patients/${petra.patientRecordId ?? ''}`;
  const admin = new pg.Client({ ...engine.stores.admin('audit'), database: 'postgres' });
  await admin.connect();
  const database = engine.stores.database('audit');
  const setConnections = async (allowed: boolean) => {
    await admin.query(`ALTER DATABASE "${database}" WITH ALLOW_CONNECTIONS ${String(allowed)}`);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      database,
    ]);
  };
  await setConnections(false);
  try {
    for (const refused of [path, '/v1/patients', '/v1/audit-entries']) {
      const response = await engine.send(refused === '/v1/audit-entries' ? auditor : clinician, refused);
      expect(response.status).toBe(503);
      const body = await response.text();
      expect(body).toContain('audit-unavailable');
      expect(body).not.toContain('Petra');
    }
  } finally {
    await setConnections(true);
    await admin.end();
  }
  await expect.poll(async () => (await engine.send(clinician, path)).status).toBe(200);
});
