import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashEntry, isForgery, type Finding } from '@cordon/audit-log';
import { entryLineSql, readEntryLine } from '@cordon/audit-log/postgres';
import { openCheckpoint, signCheckpoint } from '@cordon/transparency-log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyStore } from '../../apps/cli/src/audit/verify.ts';
import { openHundredEntries, type HundredEntries } from './hundred-entries.ts';

let store: HundredEntries['store'];
let ids: HundredEntries['ids'];
let settings: HundredEntries['settings'];

beforeEach(async () => {
  ({ store, ids, settings } = await openHundredEntries());
});
afterEach(() => store.close());

/** What a superuser can do who does not mind to be seen: all rules and policies away, then the statement. */
async function byForce(statement: string, values: unknown[] = []): Promise<number> {
  const tables = await store.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = 'audit'::regnamespace AND relkind IN ('r', 'p')`,
  );
  for (const { name } of tables)
    await store.query(`ALTER TABLE ${name} DISABLE RULE no_update, DISABLE RULE no_delete`);
  const { rowCount } = await store.admin.query(statement, values);
  for (const { name } of tables)
    await store.query(`ALTER TABLE ${name} ENABLE ALWAYS RULE no_update, ENABLE ALWAYS RULE no_delete`);
  return rowCount ?? 0;
}

async function firstFinding(from: readonly string[] = []): Promise<Finding | undefined> {
  const { findings } = await verifyStore(settings, from);
  expect(findings.every(isForgery)).toBe(true);
  return findings[0];
}

it('finds nothing wrong with a log that nobody touched', async () => {
  const report = await verifyStore(settings);
  expect(report).toMatchObject({ entries: 100, findings: [] });
  expect(report.checkpoints).toBeGreaterThan(1);
});

describe('a superuser who forges by force is named, with the first entry concerned:', () => {
  it('a changed row', async () => {
    expect(await byForce(`UPDATE audit.audit_logs SET reason_code = 'other' WHERE id = $1`, [ids[50]])).toBe(
      1,
    );
    expect(await firstFinding()).toMatchObject({ kind: 'changed', index: 50, entryId: ids[50] });
  });

  it('a changed salt', async () => {
    await byForce(`UPDATE audit.audit_logs SET salt = sha256('x') WHERE id = $1`, [ids[7]]);
    expect(await firstFinding()).toMatchObject({ kind: 'changed', index: 7, entryId: ids[7] });
  });

  it('a removed row', async () => {
    expect(await byForce('DELETE FROM audit.audit_logs WHERE id = $1', [ids[3]])).toBe(1);
    expect(await firstFinding()).toMatchObject({ kind: 'removed', index: 3, entryId: ids[3] });
  });

  it('a row removed with its leaf, the rest moved up', async () => {
    await byForce('DELETE FROM audit.audit_logs WHERE id = $1', [ids[30]]);
    await byForce('DELETE FROM audit.audit_leaves WHERE leaf_index = 30');
    for (let index = 31; index < 100; index += 1)
      await byForce('UPDATE audit.audit_leaves SET leaf_index = leaf_index - 1 WHERE leaf_index = $1', [
        index,
      ]);
    expect(await firstFinding()).toMatchObject({ kind: 'removed', index: 30 });
  });

  it('a leaf that was removed, which leaves a gap', async () => {
    await byForce('DELETE FROM audit.audit_leaves WHERE leaf_index = 12');
    const { findings } = await verifyStore(settings);
    expect(findings.map(({ kind, index }) => [kind, index])).toContainEqual(['renumbered', 12]);
  });

  it('a row inserted behind the sequencer, dated back', async () => {
    await store.query(
      `INSERT INTO audit.audit_logs (id, at, initiator_type, action, decision, reason_code, outcome, written_by, salt)
       VALUES ($1, now() - interval '10 minutes', 'user', 'record.opened', 'permit', 'granted', 'none', 'engine_audit', sha256('s'))`,
      ['00000000-0000-4000-8000-000000000001'],
    );
    expect(await firstFinding()).toMatchObject({
      kind: 'inserted',
      entryId: '00000000-0000-4000-8000-000000000001',
    });
    await store.sequenceAll();
    expect(await firstFinding()).toMatchObject({ kind: 'inserted', index: 100 });
  });

  it('a leaf inserted among the others', async () => {
    for (let index = 99; index >= 20; index -= 1)
      await byForce('UPDATE audit.audit_leaves SET leaf_index = leaf_index + 1 WHERE leaf_index = $1', [
        index,
      ]);
    await store.query(
      `INSERT INTO audit.audit_leaves (leaf_index, entry_id, entry_at, leaf_hash)
       SELECT 20, gen_random_uuid(), entry_at, sha256('forged') FROM audit.audit_leaves WHERE leaf_index = 19`,
    );
    const { findings } = await verifyStore(settings);
    expect(findings[0]).toMatchObject({ kind: 'inserted', index: 20 });
  });

  it('two entries in each other’s place', async () => {
    const swap = (from: number, to: number) =>
      byForce('UPDATE audit.audit_leaves SET leaf_index = $2 WHERE leaf_index = $1', [from, to]);
    await swap(60, 1000);
    await swap(70, 60);
    await swap(1000, 70);
    expect(await firstFinding()).toMatchObject({ kind: 'reordered', index: 60, entryId: ids[70] });
  });

  it('a row changed together with its leaf', async () => {
    await byForce(`UPDATE audit.audit_logs SET reason_code = 'other' WHERE id = $1`, [ids[45]]);
    await store.query(`SET TimeZone = 'UTC'`);
    const [row] = await store.query<{ line: string; salt: Buffer }>(
      `SELECT ${entryLineSql('a')} AS line, a.salt FROM audit.audit_logs a WHERE a.id = $1`,
      [ids[45]],
    );
    const hash = hashEntry(row?.salt ?? Buffer.alloc(0), readEntryLine(row?.line ?? ''));
    await byForce('UPDATE audit.audit_leaves SET leaf_hash = $1 WHERE leaf_index = 45', [hash]);
    expect(await firstFinding()).toMatchObject({ kind: 're-hashed', index: 45, entryId: ids[45] });
  });

  it('a store that was rolled back behind its checkpoint', async () => {
    await byForce('DELETE FROM audit.audit_leaves WHERE leaf_index >= 90');
    const { findings } = await verifyStore(settings);
    expect(findings[0]).toMatchObject({ kind: 'rolled-back', index: 90 });
  });

  it('a store and published log rolled back together, by a checkpoint that was kept elsewhere', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'cordon-kept-'));
    try {
      await cp(join(store.folder, 'checkpoint'), join(elsewhere, 'kept'));
      const old = join(store.folder, 'checkpoints', '40'.padStart(16, '0'));
      await writeFile(join(store.folder, 'checkpoint'), await readFile(old));
      await rm(join(store.folder, 'checkpoints', '100'.padStart(16, '0')));
      await byForce('DELETE FROM audit.checkpoints WHERE tree_size > 40');
      await byForce('DELETE FROM audit.audit_leaves WHERE leaf_index >= 40');
      await byForce('DELETE FROM audit.audit_logs WHERE id = ANY ($1)', [ids.slice(40)]);
      expect((await verifyStore(settings)).findings).toEqual([]);
      expect(await firstFinding([join(elsewhere, 'kept')])).toMatchObject({ kind: 'rolled-back', index: 40 });
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  it('a second history, signed with the stolen key, by a checkpoint that was kept elsewhere', async () => {
    const { verifierKey } = store.key;
    const head = openCheckpoint(await readFile(join(store.folder, 'checkpoint')), {
      origin: verifierKey.name,
      logKeys: [verifierKey],
    }).checkpoint;
    const other = signCheckpoint({ ...head, root: Buffer.alloc(32, 9) }, [store.key]);
    const file = join(store.folder, 'kept-elsewhere');
    await writeFile(file, other);
    const { findings } = await verifyStore(settings, [file]);
    expect(findings[0]).toMatchObject({ kind: 'forked' });
    expect(findings[0]?.detail).toContain('kept-elsewhere');
  });
});

it('says so when the published log is gone or elsewhere: a store that was rolled back agrees with itself', async () => {
  const gone = { ...settings, logFolder: join(store.folder, 'nowhere') };
  const { findings } = await verifyStore(gone);
  expect(findings).toMatchObject([
    { kind: 'not-published', detail: expect.stringContaining('nowhere') as string },
  ]);
});

it('names what was changed just so when threads read the store, batch by batch', async () => {
  await store.query(
    `INSERT INTO audit.audit_logs (id, at, initiator_type, action, decision, reason_code, outcome, written_by, salt)
     SELECT gen_random_uuid(), clock_timestamp(), 'user', 'record.opened', 'permit', 'granted', 'none', 'engine_audit', sha256(int4send(n))
     FROM generate_series(1, 9000) n`,
  );
  await store.sequenceAll();
  const inThreads = { threads: 2, worthThreads: 1 };
  expect(await verifyStore(settings, [], inThreads)).toMatchObject({ entries: 9100, findings: [] });
  // A value with the separators of rows and columns, which the table's checks would refuse.
  await store.query('ALTER TABLE audit.audit_logs DROP CONSTRAINT audit_logs_reason_code_check');
  await byForce(`UPDATE audit.audit_logs SET reason_code = E'gran\\x1dted' WHERE id = $1`, [ids[50]]);
  await byForce(`UPDATE audit.audit_logs SET reason_code = E'gran\\x1fted' WHERE id = $1`, [ids[51]]);
  // What would let a fault of the checks pass by, or end the verification: a salt too short, none, a hash too long.
  await store.query(
    'ALTER TABLE audit.audit_logs ALTER salt DROP NOT NULL, DROP CONSTRAINT audit_logs_salt_check',
  );
  await store.query('ALTER TABLE audit.audit_leaves DROP CONSTRAINT audit_leaves_leaf_hash_check');
  await byForce(`UPDATE audit.audit_logs SET salt = '\\x00' WHERE id = $1`, [ids[52]]);
  await byForce('UPDATE audit.audit_logs SET salt = NULL WHERE id = $1', [ids[53]]);
  await byForce(`UPDATE audit.audit_leaves SET leaf_hash = leaf_hash || '\\x00' WHERE leaf_index = 54`);
  await byForce('DELETE FROM audit.audit_leaves WHERE leaf_index = 8000');
  const { findings } = await verifyStore(settings, [], inThreads);
  expect(findings.map(({ kind, index }) => [kind, index])).toEqual(
    expect.arrayContaining([
      ['changed', 50],
      ['changed', 51],
      ['changed', 52],
      ['changed', 53],
      ['changed', 54],
      ['renumbered', 8000],
    ]),
  );
});

it('names an intent that nothing followed after a minute', async () => {
  await store.query(
    `INSERT INTO audit.audit_logs (id, at, initiator_type, action, decision, reason_code, outcome, written_by, salt)
     VALUES ($1, clock_timestamp() - interval '61 seconds', 'user', 'record.created', 'permit', 'granted', 'intent', 'engine_audit', sha256('s'))`,
    ['00000000-0000-4000-8000-000000000002'],
  );
  await store.sequenceAll();
  const { findings } = await verifyStore(settings);
  expect(findings).toMatchObject([
    { kind: 'intent-without-outcome', entryId: '00000000-0000-4000-8000-000000000002' },
  ]);
});
