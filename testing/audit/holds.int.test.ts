import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { liftHold, listHolds, placeHold } from '../../apps/engine/src/features/audit-log/index.ts';
import { rotateTenantKey } from '../../apps/engine/src/keys/rotate-tenant-key.ts';
import { ask, keyWorkOf } from '../engine/key-jobs.ts';
import { runEngine, type TestEngine } from '../engine/run-engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await runEngine();
  await ask(engine, 'audit', `CREATE TABLE audit.audit_logs_2015_03 PARTITION OF audit.audit_logs
    FOR VALUES FROM ('2015-03-01 00:00+00') TO ('2015-04-01 00:00+00')`); // prettier-ignore
});
afterAll(() => engine.close());

const tenantId = () => engine.account('clinician').tenantId;
const reason = 'Claim of Mrs Example, solicitor’s letter';
const place = (to?: string) =>
  placeHold(keyWorkOf(engine), { tenantId: tenantId(), from: '2015-03-10', to, reason });
const entries = () =>
  ask<{ action: string; outcome: string; decision: string }>(
    engine,
    'audit',
    `SELECT action, outcome, decision FROM audit.audit_logs WHERE action LIKE 'legal-hold.%' ORDER BY at`,
  );

/** What retention would be told of the month. */
async function announce(): Promise<string> {
  const client = new pg.Client(engine.stores.connection('audit', 'sequencer'));
  await client.connect();
  try {
    const month = `SELECT audit.announce_expired_month('2015-03-01Z', '7 years')`;
    return await client.query(month).then(
      () => 'announced',
      (error: unknown) => String(error),
    );
  } finally {
    await client.end();
  }
}

it('keeps a month from retention until it is lifted, with an intent and an outcome for each step', async () => {
  const { holdId } = await place();
  expect(await announce()).toContain('legal hold');
  await liftHold(keyWorkOf(engine), { tenantId: tenantId(), holdId, reason: 'The claim was settled.' });
  expect(await announce()).not.toContain('legal hold');
  expect(await entries()).toEqual([
    { action: 'legal-hold.placed', outcome: 'intent', decision: 'permit' },
    { action: 'legal-hold.placed', outcome: 'success', decision: 'permit' },
    { action: 'legal-hold.lifted', outcome: 'intent', decision: 'permit' },
    { action: 'legal-hold.lifted', outcome: 'success', decision: 'permit' },
  ]);
});

it('lists them with their reasons, also under a later key of the tenant, and says in the log that it did', async () => {
  await place('2016-01-01');
  await rotateTenantKey(keyWorkOf(engine), tenantId());
  const holds = await listHolds(keyWorkOf(engine), tenantId());
  expect(holds).toMatchObject([
    { from: '2015-03-10', to: null, reason, liftedReason: 'The claim was settled.' },
    { from: '2015-03-10', to: '2016-01-01', reason, liftedAt: null, liftedReason: null },
  ]);
  expect((await entries()).at(-1)).toMatchObject({ action: 'legal-hold.listed', outcome: 'none' });
  const other = engine.account('clinician of riverside').tenantId;
  expect(other).not.toBe(tenantId());
  expect(await listHolds(keyWorkOf(engine), other)).toEqual([]);
});

it('leaves no word of a reason in the audit store, and no plain one in the clinical store', async () => {
  await place();
  for (const [store, table] of [
    ['audit', 'audit.audit_logs'],
    ['audit', 'audit.legal_holds'],
    ['clinical', 'clinical.audit_hold_reasons'],
  ] as const) {
    const rows = await ask<{ row: string }>(engine, store, `SELECT t::text AS row FROM ${table} t`);
    expect(rows.length).toBeGreaterThan(0);
    const words = [reason, Buffer.from(reason).toString('hex').slice(0, 24)];
    expect(rows.filter(({ row }) => words.some((word) => row.includes(word)))).toEqual([]);
  }
});

it('refuses a hold of nobody, one that ends before it begins, and lifts none twice or for another tenant', async () => {
  const work = keyWorkOf(engine);
  await expect(placeHold(work, { tenantId: randomUUID(), from: '2015-01-01', reason })).rejects.toMatchObject(
    { code: 'hold-refused' },
  );
  await expect(place('2015-03-10')).rejects.toMatchObject({ code: 'hold-refused' });
  const { holdId } = await place();
  const other = engine.account('clinician of riverside').tenantId;
  await expect(liftHold(work, { tenantId: other, holdId, reason })).rejects.toMatchObject({
    code: 'hold-unknown',
  });
  await liftHold(work, { tenantId: tenantId(), holdId, reason });
  await expect(liftHold(work, { tenantId: tenantId(), holdId, reason })).rejects.toMatchObject({
    code: 'hold-unknown',
  });
  expect((await entries()).at(-1)).toEqual({
    action: 'legal-hold.lifted',
    outcome: 'none',
    decision: 'deny',
  });
});

it('is placed by a process of its own, as the command does, whose request no list of processes shows', async () => {
  const entry = fileURLToPath(new URL('../../apps/engine/src/holds-job.ts', import.meta.url));
  const run = async (request: object): Promise<Record<string, unknown>> => {
    const child = spawn(process.execPath, ['--conditions=cordon-source', entry], {
      env: { PATH: process.env['PATH'] ?? '', ...engine.environment },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.end(JSON.stringify(request));
    return JSON.parse(await text(child.stdout)) as Record<string, unknown>;
  };
  const placed = await run({ verb: 'place', tenantId: tenantId(), from: '2020-01-01', reason });
  expect(placed['holdId']).toMatch(/^[0-9a-f-]{36}$/);
  expect(await run({ verb: 'lift', tenantId: tenantId(), holdId: randomUUID(), reason })).toMatchObject({
    error: { code: 'hold-unknown' },
  });
});
