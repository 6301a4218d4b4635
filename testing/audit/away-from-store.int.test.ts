import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { checkEntryProof } from '@cordon/audit-log';
import {
  formatTlogProof,
  formatVerifierKey,
  generateSigningKey,
  parseTlogProof,
} from '@cordon/transparency-log';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { folderNotes, storeNotes } from '../../apps/cli/src/audit/collect-checkpoints.ts';
import { writeExport } from '../../apps/cli/src/audit/export-file.ts';
import { proveEntry } from '../../apps/cli/src/audit/prove.ts';
import { openStoreSource } from '../../apps/cli/src/audit/store-source.ts';
import { verifyExport, verifyStore } from '../../apps/cli/src/audit/verify.ts';
import { openHundredEntries, type HundredEntries } from './hundred-entries.ts';

const cli = fileURLToPath(new URL('../../apps/cli/bin/cordon.mjs', import.meta.url));
let store: HundredEntries['store'];
let ids: HundredEntries['ids'];
let settings: HundredEntries['settings'];

beforeEach(async () => {
  ({ store, ids, settings } = await openHundredEntries());
});
afterEach(() => store.close());

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
  await expect(verifyStore({ ...settings, trust: other })).rejects.toThrow(/checkpoint-origin-wrong.*byte 0/);
  const note = await readFile(join(store.folder, 'checkpoint'), 'utf8');
  const line = note.trimEnd().split('\n').at(-1) ?? '';
  await writeFile(join(store.folder, 'many'), note + `${line}\n`.repeat(199));
  await expect(verifyStore(settings, [join(store.folder, 'many')])).rejects.toThrow(
    /note-too-many-signatures.*many.*byte \d+/,
  );
});

/** `cordon audit …` as its own process, in an empty folder, with an empty environment: all it is given is named. */
async function runElsewhere(...words: string[]): Promise<{ code: number | null; said: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-elsewhere-'));
  const child = spawn(process.execPath, [cli, 'audit', ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null) await once(child, 'exit');
  await rm(folder, { recursive: true });
  return { code: child.exitCode, said: out + err };
}

it('the command tells of each damaged file its name and the byte, and ends with 1, with the public key alone', async () => {
  await writeFile(join(store.folder, 'log.key'), `${formatVerifierKey(store.key.verifierKey)}\n`);
  await writeFile(
    join(store.folder, 'other.key'),
    `${formatVerifierKey(generateSigningKey('cordon.test/other').verifierKey)}\n`,
  );
  await exportLog();
  const proof = await proveEntry(settings, ids[64] ?? '');
  const signature = proof.trimEnd().split('\n').at(-1) ?? '';
  const exported = await readFile(file(), 'utf8');
  const files = {
    'good.tlog-proof': proof,
    'short.tlog-proof': proof.slice(0, 900),
    'many.tlog-proof': `${proof}${`${signature}\n`.repeat(199)}`,
    'many.ndjson': exported.replace(/\\n"}/, `\\n${`${signature}\\n`.repeat(199)}"}`),
    'short.ndjson': exported.slice(0, exported.length / 2),
  };
  for (const [each, content] of Object.entries(files)) await writeFile(join(store.folder, each), content);
  const run = (verb: string, subject: string, key = 'log.key') =>
    runElsewhere(verb, join(store.folder, subject), '--key', join(store.folder, key));
  expect(await Promise.all([run('check', 'good.tlog-proof'), run('verify', 'export.ndjson')])).toMatchObject([
    { code: 0, said: expect.stringContaining('number 64 of 100') as string },
    { code: 0, said: expect.stringContaining('100 entries verified') as string },
  ]);
  const refused = await Promise.all([
    run('check', 'short.tlog-proof'),
    run('check', 'many.tlog-proof'),
    run('check', 'good.tlog-proof', 'other.key'),
    run('verify', 'many.ndjson'),
    run('verify', 'short.ndjson'),
    run('verify', 'export.ndjson', 'other.key'),
  ]);
  const told = [
    'short.tlog-proof',
    'many.tlog-proof',
    'good.tlog-proof',
    'many.ndjson',
    'short.ndjson',
    'export.ndjson',
  ];
  for (const [turn, { code, said }] of refused.entries()) {
    expect(code).toBe(1);
    expect(said).toContain(told[turn]);
    expect(said).toMatch(/byte \d+/);
  }
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
