import { readFile, rm, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashEntry } from '@cordon/audit-log';
import { entryLineSql, readEntryLine } from '@cordon/audit-log/postgres';
import { openCheckpoint, type Checkpoint } from '@cordon/transparency-log';
import pg from 'pg';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openAuditStore, signInEntry, type TestAuditStore } from './audit-store.ts';

let store: TestAuditStore;
beforeEach(async () => {
  store = await openAuditStore();
});
afterEach(() => store.close());

async function head(folder = store.folder): Promise<Checkpoint> {
  const trust = { origin: store.key.verifierKey.name, logKeys: [store.key.verifierKey] };
  return openCheckpoint(await readFile(join(folder, 'checkpoint')), trust).checkpoint;
}

const waitFor = (condition: () => Promise<boolean>): Promise<boolean> =>
  vi.waitUntil(condition, { timeout: 60_000, interval: 20 });

it('gives every entry one leaf and signs a checkpoint over all of them', async () => {
  await store.append(300);
  await store.sequenceAll();
  await store.append(5);
  await store.sequenceAll();
  expect(await store.leafCount()).toBe(305);
  expect((await head()).size).toBe(305);
});

it('does not pass by an entry that was written early and committed late', async () => {
  const late = new pg.Client(store.stores.connection('audit', 'identity_audit'));
  await late.connect();
  const entry = signInEntry(null);
  await late.query('BEGIN');
  await late.query('SELECT audit.append_entries($1)', [JSON.stringify([entry])]);
  const sequencer = store.sequencer();
  // Later entries must not wait for it.
  await store.append(50);
  await waitFor(async () => (await store.leafCount()) === 50);
  await store.append(50);
  await waitFor(async () => (await store.leafCount()) === 100);
  await late.query('COMMIT');
  await late.end();
  await waitFor(async () => (await store.leafCount()) === 101);
  await sequencer.close();
  expect(
    await store.query('SELECT leaf_index FROM audit.audit_leaves WHERE entry_id = $1', [entry['id']]),
  ).toEqual([{ leaf_index: '100' }]);
});

it('comes to no harm with a second and a third one beside it', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'cordon-copy-'));
  try {
    const running = [1, 2, 3].map(() => store.sequencer({ batchSize: 7 }, [copy]));
    for (let round = 0; round < 20; round += 1) await store.append(13);
    // The one whose turn it is loses its connection, and the next goes on.
    await store.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    for (let round = 0; round < 20; round += 1) await store.append(13);
    await waitFor(async () => (await store.leafCount()) === 520);
    await Promise.all(running.map((each) => each.close()));
    const [row] = await store.query(
      'SELECT count(DISTINCT entry_id)::int AS entries, max(leaf_index)::int AS last FROM audit.audit_leaves',
    );
    expect(row).toEqual({ entries: 520, last: 519 });
    expect((await head()).size).toBe(520);
    expect(await head(copy)).toEqual(await head());
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});

it('takes up where a killed one left leaves without tiles, and makes lost tiles again', async () => {
  await store.append(400);
  await store.sequenceAll();
  const before = await head();
  await rm(join(store.folder, 'tile'), { recursive: true });
  await store.append(30);
  await store.sequenceAll();
  expect((await head()).size).toBe(430);
  await writeFile(join(store.folder, 'checkpoint'), await readFile(join(store.folder, 'checkpoints', String(before.size).padStart(16, '0')))); // prettier-ignore
  await store.append(1);
  await store.sequenceAll();
  expect((await head()).size).toBe(431);
});

it('signs nothing more once leaves were taken away or changed', async () => {
  await store.append(20);
  await store.sequenceAll();
  const before = await readFile(join(store.folder, 'checkpoint'), 'utf8');
  await store.query('ALTER TABLE audit.audit_leaves DISABLE RULE no_delete');
  await store.query('DELETE FROM audit.audit_leaves WHERE leaf_index >= 15');
  const sequencer = store.sequencer();
  await waitFor(() => Promise.resolve(store.log().includes('log-rolled-back')));
  await sequencer.close();
  expect(await readFile(join(store.folder, 'checkpoint'), 'utf8')).toBe(before);
});

it('gives each row the leaf of its text, whatever the columns hold, and writes no leaf for what is no entry', async () => {
  await store.query(
    `INSERT INTO audit.audit_logs (id, at, tenant_id, actor_subject, initiator_type, action, data_class_ids, decision, reason_code,
       outcome, record_count, client_address, written_by, salt)
     SELECT gen_random_uuid(), now() + n * interval '1 microsecond', CASE WHEN n % 2 = 0 THEN gen_random_uuid() END, NULL, 'user',
       'record.opened', (ARRAY['{}', '{patientProfile}', '{a,b}'])[1 + n % 3]::text[], 'permit', 'granted', 'none', n - 2,
       (ARRAY['192.0.2.7', '2001:db8::7', '::ffff:192.0.2.7', '10.0.0.0/8'])[n]::inet, $1, sha256(int4send(n))
     FROM generate_series(1, 4) n`,
    ['"éngine"\\\u0007'],
  );
  await store.sequenceAll();
  await store.query(`SET TimeZone = 'UTC'`);
  const rows = await store.query<{ line: string; salt: Buffer; leaf_hash: Buffer }>(
    `SELECT ${entryLineSql('a')} AS line, a.salt, l.leaf_hash FROM audit.audit_logs a JOIN audit.audit_leaves l ON l.entry_id = a.id`,
  );
  expect(rows).toHaveLength(4);
  for (const { line, salt, leaf_hash } of rows)
    expect(Buffer.from(hashEntry(salt, readEntryLine(line)))).toEqual(leaf_hash);

  await store.query('ALTER TABLE audit.audit_logs DROP CONSTRAINT audit_logs_data_class_ids_check');
  await store.query(
    `INSERT INTO audit.audit_logs (id, at, initiator_type, action, data_class_ids, decision, reason_code, outcome, written_by, salt)
     VALUES (gen_random_uuid(), now(), 'user', 'record.opened', '{NULL}', 'permit', 'granted', 'none', 'x', sha256('x'))`,
  );
  const sequencer = store.sequencer();
  await waitFor(() => Promise.resolve(store.log().includes('row-malformed')));
  await sequencer.close();
  expect(await store.leafCount()).toBe(4);
});
