import { readFile } from 'node:fs/promises';
import {
  checkpointPath,
  openLogFolder,
  readKeptCheckpoints,
  trustCheckpoint,
  type TrustedCheckpoint,
} from '@cordon/audit-log';
import type { LogTrust } from '@cordon/transparency-log';
import type { Client } from 'pg';

export interface SignedNote {
  readonly note: Uint8Array | string;
  readonly source: string;
}

/** What the published folder holds: the newest head and those kept for good. */
export async function folderNotes(folder: string): Promise<SignedNote[]> {
  const head = await openLogFolder(folder).read(checkpointPath);
  const kept = await readKeptCheckpoints(folder);
  return [...kept, ...(head === undefined ? [] : [{ note: head, source: `${folder}/${checkpointPath}` }])];
}

/** What the store itself keeps. */
export async function storeNotes(client: Client): Promise<SignedNote[]> {
  const { rows } = await client.query<{ tree_size: string; note: string }>(
    'SELECT tree_size::text AS tree_size, note FROM audit.checkpoints ORDER BY tree_size LIMIT 1000000',
  );
  return rows.map(({ tree_size, note }) => ({ note, source: `audit.checkpoints ${tree_size}` }));
}

export async function fileNotes(files: readonly string[]): Promise<SignedNote[]> {
  return Promise.all(files.map(async (source) => ({ note: await readFile(source), source })));
}

/** @throws TransparencyLogError for the first that is damaged, of another log, or not signed by it */
export function trustNotes(notes: readonly SignedNote[], trust: LogTrust): TrustedCheckpoint[] {
  const seen = new Set<string>();
  return notes.flatMap(({ note, source }) =>
    trustCheckpoint(note, source, trust).filter(({ size, root }) => {
      const name = `${size} ${Buffer.from(root).toString('hex')}`;
      if (seen.has(name)) return false;
      seen.add(name);
      return true;
    }),
  );
}
