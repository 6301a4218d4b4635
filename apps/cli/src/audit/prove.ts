import {
  checkpointPath,
  entryLineSql,
  hashEntry,
  openLogFolder,
  readEntryJson,
  readEntryLine,
  tileReaderOf,
  writeEntry,
  type LoggedEntry,
} from '@cordon/audit-log';
import {
  formatTlogProof,
  openCheckpoint,
  parseTlogProof,
  proveInclusion,
  TileReader,
  verifyTlogProof,
  type LogTrust,
} from '@cordon/transparency-log';
import pg from 'pg';
import { CliError } from '../error.ts';
import type { AuditSettings } from './settings.ts';

/**
 * A `.tlog-proof` file of one entry. Its extra data is the salt and the entry: whoever has the file can read the entry.
 * @throws CliError `audit-entry-unknown`, `audit-settings-missing`
 */
export async function proveEntry(settings: AuditSettings, entryId: string): Promise<string> {
  if (settings.logFolder === undefined)
    throw new CliError('audit-settings-missing', 'Name the published log: --log FOLDER, or CORDON_LOG_DIR.');
  const place = openLogFolder(settings.logFolder);
  const checkpoint = await place.read(checkpointPath);
  const found = await findEntry(settings, entryId);
  if (found === undefined || checkpoint === undefined)
    throw new CliError(
      'audit-entry-unknown',
      'There is no entry of that id that was sequenced: check the id.',
    );
  const source = `${settings.logFolder}/${checkpointPath}`;
  const { size, root } = openCheckpoint(checkpoint, settings.trust, { source }).checkpoint;
  if (found.index >= size)
    throw new CliError(
      'audit-entry-unknown',
      'No checkpoint covers the entry yet: try again in a few seconds.',
    );
  const reader = new TileReader({ size, root, readTile: tileReaderOf(place) });
  const { proof } = await proveInclusion(reader, found.index);
  const file = formatTlogProof({
    index: found.index,
    hashes: proof,
    checkpoint: Buffer.from(checkpoint).toString('utf8'),
    extra: Buffer.from(
      JSON.stringify({ salt: found.salt, entry: JSON.parse(writeEntry(found.entry)) as unknown }),
    ),
  });
  checkProof(file, 'the new proof', settings.trust);
  return file;
}

async function findEntry(
  settings: AuditSettings,
  entryId: string,
): Promise<{ index: number; salt: string; entry: LoggedEntry } | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(entryId)) return undefined;
  const client = new pg.Client(settings.database());
  await client.connect();
  try {
    const { rows } = await client.query<{ leaf_index: string; salt: string; line: string }>(
      // eslint-disable-next-line cordon/no-string-built-sql -- a constant list of columns; nothing of it is input
      `SELECT l.leaf_index::text AS leaf_index, encode(a.salt, 'hex') AS salt, ${entryLineSql('a')} AS line
       FROM audit.audit_leaves l JOIN audit.audit_logs a ON a.at = l.entry_at AND a.id = l.entry_id
       WHERE l.entry_id = $1`,
      [entryId],
    );
    const row = rows[0];
    return row && { index: Number(row.leaf_index), salt: row.salt, entry: readEntryLine(row.line) };
  } finally {
    await client.end();
  }
}

export interface CheckedProof {
  readonly entry: LoggedEntry;
  readonly index: number;
  readonly size: number;
  readonly origin: string;
}

/**
 * Verifies a proof offline, from the entry that the file itself shows.
 * @throws TransparencyLogError with file and byte; CliError `audit-entry-unknown` when the file shows no entry
 */
export function checkProof(file: Uint8Array | string, source: string, trust: LogTrust): CheckedProof {
  const shown = readShown(parseTlogProof(file, { source }).extra);
  const leafHash = hashEntry(shown.salt, shown.entry);
  const { index, checkpoint } = verifyTlogProof(file, { leafHash, trust, source });
  return { entry: shown.entry, index, size: checkpoint.size, origin: checkpoint.origin };
}

function readShown(extra: Uint8Array | undefined): { salt: Buffer; entry: LoggedEntry } {
  try {
    const shown = JSON.parse(Buffer.from(extra ?? []).toString('utf8')) as {
      salt?: unknown;
      entry?: unknown;
    };
    return { salt: Buffer.from(String(shown.salt), 'hex'), entry: readEntryJson(shown.entry) };
  } catch (cause) {
    throw new CliError(
      'audit-entry-unknown',
      'The proof does not show the entry that it proves: ask for a new one.',
      {
        cause,
      },
    );
  }
}
