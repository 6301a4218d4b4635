import { createSecretKey, randomUUID } from 'node:crypto';
import { entrySession, type VerifyReport } from '@cordon/audit-log';
import { createSealedPool } from '@cordon/row-security';
import { createLogger } from '@cordon/service';
import { sealKeyId } from '@cordon/stores';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyStore } from '../../apps/cli/src/audit/verify.ts';
import { dropExpiredMonths } from '../../apps/sequencer/src/retention.ts';
import { openAuditStore, type TestAuditStore } from './audit-store.ts';

const tenantId = randomUUID();
let store: TestAuditStore;
let sequencer: pg.Client;
const logger = createLogger({ app: 'sequencer', destination: { write: () => undefined } });

beforeEach(async () => {
  store = await openAuditStore();
  sequencer = new pg.Client(store.stores.connection('audit', 'sequencer'));
  await sequencer.connect();
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

/** The sequencer drops by itself, so months that must wait are sequenced under a hold or before their checkpoint. */
async function hold(holdId: string, kind: string): Promise<void> {
  const raw = store.stores.sealKey('audit');
  const pool = createSealedPool({
    connection: store.stores.connection('audit', 'engine_audit'),
    key: { keyId: sealKeyId(raw), key: createSecretKey(raw) },
  });
  const expiresAt = new Date(Date.now() + 60_000);
  const context = { tenantId, role: 'role.system', clinicIds: [], readable: [], writable: [], expiresAt };
  try {
    await pool.query(context, recordHold, holdValues(holdId, kind));
  } finally {
    await pool.close();
  }
}

const recordHold = 'SELECT audit.record_hold($1, $2, $3, $4, $5)';
const holdValues = (holdId: string, kind: string) => [tenantId, holdId, kind, '2015-03-10Z', '2015-03-11Z'];

it('records a hold within a sealed context of its tenant, and by SQL alone for nobody', async () => {
  const client = new pg.Client(store.stores.connection('audit', 'engine_audit'));
  await client.connect();
  try {
    for (const kind of ['placed', 'released'])
      await expect(client.query(recordHold, holdValues(randomUUID(), kind))).rejects.toMatchObject({
        code: '42501',
      });
  } finally {
    await client.end();
  }
});

it('drops an expired month, keeps its leaves and its checkpoint, and leaves an entry', async () => {
  await store.append(5);
  await store.sequenceAll();
  await dropExpiredMonths(sequencer, 7, logger);
  expect(await months()).toBe(0);
  const [dropped] = await store.query<{ entries: string; note: string }>(
    'SELECT entries, note FROM audit.dropped_months',
  );
  expect(dropped?.entries).toBe('3');
  expect(dropped?.note).toContain(store.key.verifierKey.name);
  await store.sequenceAll();
  expect(await verify()).toMatchObject({ entries: 9, expired: 3, findings: [] });
  expect(
    await store.query(
      `SELECT record_count, written_by, purpose FROM audit.audit_logs WHERE action = 'retention.month-dropped'`,
    ),
  ).toEqual([{ record_count: 3, written_by: 'sequencer', purpose: 'month.2015-03' }]);
});

it('is not believed when a month was dropped by force and written down as dropped', async () => {
  await hold(randomUUID(), 'placed');
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
  await dropExpiredMonths(sequencer, 7, logger);
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
  await expect(sequencer.query(`SELECT audit.drop_expired_month('2015-03-01Z', '7 years')`)).rejects.toThrow(
    'has no leaf',
  );
  expect(await months()).toBe(1);
});

it('drops nothing under a legal hold, and drops it once the hold was released', async () => {
  const holdId = randomUUID();
  await hold(holdId, 'placed');
  await store.sequenceAll();
  await expect(sequencer.query(`SELECT audit.drop_expired_month('2015-03-01Z', '7 years')`)).rejects.toThrow(
    'legal hold',
  );
  expect(await dropExpiredMonths(sequencer, 7, logger)).toBe(0);
  expect(await months()).toBe(1);
  await hold(holdId, 'released');
  expect(await dropExpiredMonths(sequencer, 7, logger)).toBe(1);
  expect(await months()).toBe(0);
});

it('drops no month before its time, whatever the setting says', async () => {
  await store.append(1);
  await hold(randomUUID(), 'placed');
  await store.sequenceAll();
  const drop = (month: string, keep: string) =>
    sequencer.query('SELECT audit.drop_expired_month($1, $2)', [month, keep]);
  await expect(drop('2015-03-01Z', '1 day')).rejects.toThrow('not expired');
  const thisMonth = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth())).toISOString();
  await expect(drop(thisMonth, '7 years')).rejects.toThrow('not expired');
  await expect(drop('2015-03-02Z', '7 years')).rejects.toThrow('no partition');
});
