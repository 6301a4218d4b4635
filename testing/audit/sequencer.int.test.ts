import { readFile, rm, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCheckpoint, type Checkpoint } from '@cordon/transparency-log';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
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

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 500; round += 1) {
    if (await condition()) return;
    await sleep(20);
  }
  throw new Error('waited for 10 s in vain');
}

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
