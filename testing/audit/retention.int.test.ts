import { createSecretKey, randomUUID } from 'node:crypto';
import { isForgery, type VerifyReport } from '@cordon/audit-log';
import { entrySession } from '@cordon/audit-log/postgres';
import { createSealedPool } from '@cordon/row-security';
import { createLogger } from '@cordon/service';
import { sealKeyId } from '@cordon/stores';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findAlteredMonths } from '../../apps/cli/src/audit/find-altered-months.ts';
import { verifyStore } from '../../apps/cli/src/audit/verify.ts';
import { createRetention, type Retention } from '../../apps/sequencer/src/retention.ts';
import { openAuditStore, type TestAuditStore } from './audit-store.ts';

const tenantId = randomUUID();
let store: TestAuditStore;
let sequencer: pg.Client;
let retention: Retention;
const logger = createLogger({ app: 'sequencer', destination: { write: () => undefined } });

beforeEach(async () => {
  store = await openAuditStore();
  sequencer = new pg.Client(store.stores.connection('audit', 'sequencer'));
  await sequencer.connect();
  retention = createRetention(sequencer, { keepYears: 7 }, logger);
  // A month of long ago, with three entries, made as ensure_partitions makes months.
  await store.query(`CREATE TABLE audit.audit_logs_2015_03 PARTITION OF audit.audit_logs
    FOR VALUES FROM ('2015-03-01 00:00+00') TO ('2015-04-01 00:00+00')`);
  await store.query(
    `SELECT audit.make_append_only('audit.audit_logs_2015_03'), audit.open_policies('audit.audit_logs_2015_03')`,
  );
  await store.query('ALTER TABLE audit.audit_logs_2015_03 OWNER TO audit_owner');
  for (let day = 1; day <= 3; day += 1)
    await store.query(
      `INSERT INTO audit.audit_logs (id, at, initiator_type, action, decision, reason_code, outcome, written_by, salt)
       VALUES (gen_random_uuid(), make_timestamptz(2015, 3, $1, 12, 0, 0, 'UTC'), 'user', 'record.opened', 'permit', 'granted', 'none', 'engine_audit', sha256('s'))`,
      [day],
    );
});
afterEach(async () => {
  await sequencer.end();
  await store.close();
});

function verify(): Promise<VerifyReport> {
  const { verifierKey } = store.key;
  return verifyStore({
    database: () => ({ ...store.stores.connection('audit', 'audit_verifier'), options: entrySession }),
    logFolder: store.folder,
    trust: { origin: verifierKey.name, logKeys: [verifierKey] },
  });
}

async function months(): Promise<number> {
  const [row] = await store.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_class WHERE relname = 'audit_logs_2015_03'`,
  );
  return row?.count ?? 0;
}

/** What the sequencer does by itself, step by step. Answers how many months were dropped. */
async function dropExpiredMonths(): Promise<number> {
  await retention.announce();
  await store.sequenceAll();
  return retention.drop();
}

async function hold(holdId: string, kind: 'placed' | 'released'): Promise<void> {
  const raw = store.stores.sealKey('audit');
  const pool = createSealedPool({
    connection: store.stores.connection('audit', 'engine_audit'),
    key: { keyId: sealKeyId(raw), key: createSecretKey(raw) },
  });
  const expiresAt = new Date(Date.now() + 60_000);
  const context = { tenantId, role: 'role.system', clinicIds: [], readable: [], writable: [], expiresAt };
  try {
    await pool.query(context, ...holdStatement(holdId, kind));
  } finally {
    await pool.close();
  }
}

const announce = (month = '2015-03-01Z', keep = '7 years') =>
  sequencer.query<{ intent: string }>('SELECT audit.announce_expired_month($1, $2) AS intent', [month, keep]);
const drop = (intent: string) =>
  sequencer.query(`SELECT audit.drop_expired_month('2015-03-01Z', '7 years', $1)`, [intent]);

function holdStatement(holdId: string, kind: 'placed' | 'released'): [statement: string, values: string[]] {
  return kind === 'placed'
    ? ['SELECT audit.place_hold($1, $2, $3, $4)', [tenantId, holdId, '2015-03-10Z', '2015-03-11Z']]
    : ['SELECT audit.lift_hold($1, $2)', [tenantId, holdId]];
}

it('records a hold within a sealed context of its tenant, and by SQL alone for nobody', async () => {
  const client = new pg.Client(store.stores.connection('audit', 'engine_audit'));
  await client.connect();
  try {
    for (const kind of ['placed', 'released'] as const)
      await expect(client.query(...holdStatement(randomUUID(), kind))).rejects.toMatchObject({
        code: '42501',
      });
  } finally {
    await client.end();
  }
});

it('drops an expired month, keeps its leaves and its checkpoint, and leaves an entry', async () => {
  await store.append(5);
  await store.sequenceAll();
  await dropExpiredMonths();
  expect(await months()).toBe(0);
  const [dropped] = await store.query<{ entries: string; note: string }>(
    'SELECT entries, note FROM audit.dropped_months',
  );
  expect(dropped?.entries).toBe('3');
  expect(dropped?.note).toContain(store.key.verifierKey.name);
  await store.sequenceAll();
  expect(await verify()).toMatchObject({ entries: 10, expired: 3, findings: [] });
  const entry = { record_count: 3, written_by: 'sequencer', purpose: 'month.2015-03' };
  expect(
    await store.query(
      `SELECT outcome, record_count, written_by, purpose FROM audit.audit_logs
       WHERE action = 'retention.month-dropped' ORDER BY at`,
    ),
  ).toEqual([
    { ...entry, outcome: 'intent' },
    { ...entry, outcome: 'success' },
  ]);
});

it('is not believed when a month was dropped by force and written down as dropped', async () => {
  await store.append(2);
  await store.sequenceAll();
  const [leaf] = await store.query<{ id: string }>(
    `SELECT id FROM audit.audit_logs WHERE at < '2016-01-01' ORDER BY at LIMIT 1`,
  );
  await store.query('DROP TABLE audit.audit_logs_2015_03');
  await store.query(
    `INSERT INTO audit.dropped_months (starts_at, ends_at, entries, tree_size, note)
     SELECT '2015-03-01Z', '2015-04-01Z', 3, tree_size, note FROM audit.checkpoints LIMIT 1`,
  );
  const { findings } = await verify();
  expect(findings).toMatchObject([{ kind: 'removed', entryId: leaf?.id }]);
  expect(findings[0]?.detail).toContain('3 entries of 2015-03 are gone');
});

it('counts what a dropped month had: one more that is said to have been in it is named', async () => {
  await store.append(1);
  await store.sequenceAll();
  await dropExpiredMonths();
  await store.sequenceAll();
  const force = async (statement: string) => {
    await store.query('ALTER TABLE audit.audit_leaves DISABLE RULE no_update, DISABLE RULE no_delete');
    await store.query(statement);
  };
  await force(`UPDATE audit.audit_leaves SET entry_at = '2015-03-20Z' WHERE leaf_index = 3`);
  const { findings } = await verify();
  expect(findings[0]).toMatchObject({ kind: 'removed', index: 0 });
  expect(findings[0]?.detail).toContain('4 entries of 2015-03 are gone');
});

it('drops nothing that has no leaf, or that no kept checkpoint covers', async () => {
  await expect(announce()).rejects.toThrow('has no leaf');
  expect(await months()).toBe(1);
});

it('drops nothing under a legal hold, and drops it once the hold was released', async () => {
  const holdId = randomUUID();
  await hold(holdId, 'placed');
  await store.sequenceAll();
  await expect(announce()).rejects.toThrow('legal hold');
  expect(await dropExpiredMonths()).toBe(0);
  expect(await months()).toBe(1);
  await hold(holdId, 'released');
  expect(await dropExpiredMonths()).toBe(1);
  expect(await months()).toBe(0);
});

it('drops no month before its time, whatever the setting says', async () => {
  await store.append(1);
  await store.sequenceAll();
  await expect(announce('2015-03-01Z', '1 day')).rejects.toThrow('not expired');
  const thisMonth = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth())).toISOString();
  await expect(announce(thisMonth)).rejects.toThrow('not expired');
  await expect(announce('2015-03-02Z')).rejects.toThrow('no partition');
});

it('drops no month that was not announced under a kept checkpoint, nor twice by one announcement', async () => {
  await store.sequenceAll();
  await expect(drop(randomUUID())).rejects.toThrow('not announced');
  const intent = (await announce()).rows[0]?.intent ?? '';
  await expect(drop(intent)).rejects.toThrow('covers the announcement');
  await store.sequenceAll();
  await sequencer.query('SELECT audit.withdraw_announcements()');
  await expect(drop(intent)).rejects.toThrow('not announced');
  expect(await months()).toBe(1);
});

it('keeps a month on which a hold was placed after it was announced, and says so; a drop by force is named', async () => {
  await store.append(1);
  await store.sequenceAll();
  await retention.announce();
  await store.sequenceAll();
  await hold(randomUUID(), 'placed');
  expect(await retention.drop()).toBe(0);
  expect(await months()).toBe(1);
  await store.sequenceAll();
  expect(await verify()).toMatchObject({ expired: 0, findings: [] });
  const outcomes = await store.query<{ outcome: string }>(
    `SELECT outcome FROM audit.audit_logs WHERE action = 'retention.month-dropped' ORDER BY at`,
  );
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['intent', 'failure']);
  await store.query('DROP TABLE audit.audit_logs_2015_03');
  await store.query(
    `INSERT INTO audit.dropped_months (starts_at, ends_at, entries, tree_size, note)
     SELECT '2015-03-01Z', '2015-04-01Z', 3, tree_size, note FROM audit.checkpoints LIMIT 1`,
  );
  expect((await verify()).findings).toMatchObject([{ kind: 'removed' }]);
});

it('gives way to a reader of the month, for appending would wait behind it', async () => {
  await store.append(1);
  await store.sequenceAll();
  await store.query('BEGIN');
  await store.query('SELECT count(*) FROM audit.audit_logs');
  expect(await dropExpiredMonths()).toBe(0);
  await store.append(1);
  await store.query('COMMIT');
  expect(await dropExpiredMonths()).toBe(1);
});

it('looks at the months anew when one of them is dropped meanwhile', async () => {
  const verifier = new pg.Client({
    ...store.stores.connection('audit', 'audit_verifier'),
    options: entrySession,
  });
  await verifier.connect();
  try {
    await store.query('BEGIN');
    await store.query('DROP TABLE audit.audit_logs_2015_03');
    const looking = findAlteredMonths(verifier);
    const waiting = `SELECT FROM pg_locks WHERE NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    await expect.poll(() => store.query(waiting)).toHaveLength(1);
    await store.query('COMMIT');
    expect(await looking).toEqual([]);
  } finally {
    await verifier.end();
  }
});

it('verifies at every moment while the sequencer drops a month by itself', async () => {
  await store.append(3);
  const running = store.sequencer();
  try {
    for (let round = 0; round < 200 && (await months()) > 0; round += 1)
      expect((await verify()).findings.filter(isForgery)).toEqual([]);
    expect((await verify()).findings).toEqual([]);
  } finally {
    await running.close();
  }
  expect(await months()).toBe(0);
  expect(await verify()).toMatchObject({ entries: 8, expired: 3, findings: [] });
});
