import {
  checkEntryProof,
  openLogFolder,
  readKeptCheckpoints,
  trustCheckpoint,
  writeEntryProof,
  type SaltedEntry,
} from '@cordon/audit-log';
import { entryLineSql, readEntryLine } from '@cordon/audit-log/postgres';
import pg from 'pg';
import { CliError } from '../error.ts';
import type { AuditSettings } from './settings.ts';

/**
 * A `.tlog-proof` file of one entry, checked before it is given away.
 * @throws CliError `audit-entry-unknown`, `audit-settings-missing`
 */
export async function proveEntry(settings: AuditSettings, entryId: string): Promise<string> {
  if (settings.logFolder === undefined)
    throw new CliError('audit-settings-missing', 'Name the published log: --log FOLDER, or CORDON_LOG_DIR.');
  const found = await findEntry(settings, entryId);
  if (found === undefined)
    throw new CliError(
      'audit-entry-unknown',
      'There is no entry of that id that was sequenced: check the id.',
    );
  const place = openLogFolder(settings.logFolder);
  const file = await writeEntryProof(place, found.index, found, await findWitnessed(settings, found.index));
  if (file === undefined)
    throw new CliError(
      'audit-entry-unknown',
      'No checkpoint covers the entry yet: try again in a few seconds.',
    );
  checkEntryProof(file, 'the new proof', settings.trust);
  return file;
}

/** The newest kept checkpoint over the entry that every witness has cosigned; none is looked for when none is asked for. */
async function findWitnessed(
  { logFolder = '', trust }: AuditSettings,
  index: number,
): Promise<Uint8Array | undefined> {
  if ((trust.witnessKeys ?? []).length === 0) return undefined;
  for (const { note, source } of (await readKeptCheckpoints(logFolder)).reverse()) {
    const [checkpoint] = trustCheckpoint(note, source, { ...trust, quorum: 0 });
    if (checkpoint === undefined || checkpoint.size <= index) break;
    if (checkpoint.witnesses.length === trust.witnessKeys?.length) return note;
  }
  throw new CliError(
    'audit-entry-unwitnessed',
    'No checkpoint over this entry has the cosignatures of all witnesses yet: try again in a minute.',
  );
}

async function findEntry(
  settings: AuditSettings,
  entryId: string,
): Promise<({ index: number } & SaltedEntry) | undefined> {
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
    return (
      row && {
        index: Number(row.leaf_index),
        salt: Buffer.from(row.salt, 'hex'),
        entry: readEntryLine(row.line),
      }
    );
  } finally {
    await client.end();
  }
}
