import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import {
  checkEntryProof,
  entryLineSql,
  entrySession,
  hashEntry,
  isForgery,
  readEntryLine,
  type Finding,
} from '@cordon/audit-log';
import { formatTlogProof, signCheckpoint, openCheckpoint, parseTlogProof } from '@cordon/transparency-log';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeExport } from '../../apps/cli/src/audit/export-file.ts';
import { folderNotes, storeNotes } from '../../apps/cli/src/audit/collect-checkpoints.ts';
import { proveEntry } from '../../apps/cli/src/audit/prove.ts';
import type { AuditSettings } from '../../apps/cli/src/audit/settings.ts';
import { openStoreSource } from '../../apps/cli/src/audit/store-source.ts';
import { verifyExport, verifyStore } from '../../apps/cli/src/audit/verify.ts';
import { openAuditStore, type TestAuditStore } from './audit-store.ts';

let store: TestAuditStore;
let ids: string[];
let settings: AuditSettings;

beforeEach(async () => {
  store = await openAuditStore();
  await store.append(40);
  await store.sequenceAll();
  await store.append(60);
  await store.sequenceAll();
  const rows = await store.query<{ entry_id: string }>(
    'SELECT entry_id FROM audit.audit_leaves ORDER BY leaf_index',
  );
  ids = rows.map((row) => row.entry_id);
  const { verifierKey } = store.key;
  settings = {
    database: () => ({ ...store.stores.connection('audit', 'audit_verifier'), options: entrySession }),
    logFolder: store.folder,
    trust: { origin: verifierKey.name, logKeys: [verifierKey] },
  };
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
  await byForce('DELETE FROM audit.audit_leaves WHERE leaf_index = 8000');
  const { findings } = await verifyStore(settings, [], inThreads);
  expect(findings.map(({ kind, index }) => [kind, index])).toEqual(
    expect.arrayContaining([
      ['changed', 50],
      ['changed', 51],
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

describe('away from the store', () => {
  const file = (): string => join(store.folder, 'export.ndjson');

  async function exportLog(tenantId?: string): Promise<void> {
    const client = new pg.Client(settings.database());
    await client.connect();
    const notes = [...(await folderNotes(store.folder)), ...(await storeNotes(client))];
    await writeExport(
      file(),
      await openStoreSource(client),
      notes.map(({ note }) => note),
      tenantId,
    );
    await client.end();
  }

  it('an export verifies with the public key alone', async () => {
    await exportLog();
    expect(await verifyExport(file(), settings)).toMatchObject({ entries: 100, findings: [] });
  });

  it('an export for one tenant verifies too, and holds nothing of the others but their leaves', async () => {
    const [tenant] = await store.query<{ tenant_id: string }>(
      'SELECT tenant_id FROM audit.audit_logs WHERE id = $1',
      [ids[50]],
    );
    await exportLog(tenant?.tenant_id);
    expect(await verifyExport(file(), settings)).toMatchObject({ entries: 100, withheld: 40, findings: [] });
    const text = await readFile(file(), 'utf8');
    const shown = new Set([...text.matchAll(/"tenant_id":"([^"]*)"/g)].map((match) => match[1]));
    expect([...shown]).toEqual([tenant?.tenant_id]);
    await writeFile(file(), text.replace(/("leaf":70,.*)"granted"/, '$1"grantee"'));
    expect((await verifyExport(file(), settings)).findings).toMatchObject([{ kind: 'changed', index: 70 }]);
  });

  it('an export with one letter changed does not', async () => {
    await exportLog();
    const lines = (await readFile(file(), 'utf8')).split('\n');
    const at = lines.findIndex((line) => line.startsWith('{"leaf":33,'));
    lines[at] = (lines[at] ?? '').replace('"granted"', '"grantee"');
    await writeFile(file(), lines.join('\n'));
    expect((await verifyExport(file(), settings)).findings[0]).toMatchObject({
      kind: 'changed',
      index: 33,
      entryId: ids[33],
    });
  });

  it('an export that was cut short is refused with file, line and byte', async () => {
    await exportLog();
    const text = await readFile(file(), 'utf8');
    await writeFile(file(), text.slice(0, text.length - 200));
    await expect(verifyExport(file(), settings)).rejects.toMatchObject({
      code: 'audit-export-damaged',
      publicMessage: expect.stringMatching(/export\.ndjson is damaged at line \d+, byte \d+/) as string,
    });
  });

  it('a proof of one entry shows the entry, and is refused when anything of it was changed', async () => {
    const proof = await proveEntry(settings, ids[64] ?? '');
    expect(checkEntryProof(proof, 'x.tlog-proof', settings.trust)).toMatchObject({
      index: 64,
      size: 100,
      entry: { id: ids[64] },
    });
    const parts = parseTlogProof(proof);
    const shown = JSON.parse(Buffer.from(parts.extra ?? []).toString()) as { entry: { reason_code: string } };
    shown.entry.reason_code = 'other';
    const changed = formatTlogProof({ ...parts, extra: Buffer.from(JSON.stringify(shown)) });
    expect(() => checkEntryProof(changed, 'x.tlog-proof', settings.trust)).toThrow('inclusion-unproven');
    expect(() => checkEntryProof(proof.slice(0, 900), 'x.tlog-proof', settings.trust)).toThrow(
      /x\.tlog-proof.*byte \d+/,
    );
  });

  it('a checkpoint of another log, or with 200 signatures, is refused with file and byte', async () => {
    const other = { ...settings.trust, origin: 'cordon.test/other' };
    await expect(verifyStore({ ...settings, trust: other })).rejects.toThrow(
      /checkpoint-origin-wrong.*byte 0/,
    );
    const note = await readFile(join(store.folder, 'checkpoint'), 'utf8');
    const line = note.trimEnd().split('\n').at(-1) ?? '';
    await writeFile(join(store.folder, 'many'), note + `${line}\n`.repeat(199));
    await expect(verifyStore(settings, [join(store.folder, 'many')])).rejects.toThrow(
      /note-too-many-signatures.*many.*byte \d+/,
    );
  });

  it('a damaged tile is refused with its name and byte, and only it', async () => {
    const tile = join(store.folder, 'tile/0/000.p/100');
    const bytes = await readFile(tile);
    bytes[40 * 32] = (bytes[40 * 32] ?? 0) ^ 1;
    await writeFile(tile, bytes);
    await expect(proveEntry(settings, ids[64] ?? '')).rejects.toThrow(
      /tile-damaged.*tile\/0\/000\.p\/100.*byte/,
    );
    // The store and its checkpoints need no tile.
    expect((await verifyStore(settings)).findings).toEqual([]);
  });

  it('an entry that there is not has no proof', async () => {
    await expect(proveEntry(settings, randomUUID())).rejects.toMatchObject({ code: 'audit-entry-unknown' });
  });
});
