import { readFile } from 'node:fs/promises';
import {
  checkpointPath,
  openLogFolder,
  readKeptCheckpoints,
  trustCheckpoint,
  type Finding,
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

/** A finding where nothing is published: a store that was rolled back agrees with itself. */
export async function findUnpublished(folder: string): Promise<Finding[]> {
  if ((await openLogFolder(folder).read(checkpointPath)) !== undefined) return [];
  const detail = `${folder} holds no published log to compare the store with`;
  return [{ kind: 'not-published', index: null, entryId: null, detail }];
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
    // A checkpoint need not be cosigned to be held against the log; which ones are is told at the end.
    trustCheckpoint(note, source, { ...trust, quorum: 0 }).filter(({ size, root, witnesses }) => {
      const name = `${size} ${Buffer.from(root).toString('hex')} ${witnesses.join(' ')}`;
      if (seen.has(name)) return false;
      seen.add(name);
      return true;
    }),
  );
}

/** How far each witness has vouched for the log; a finding for each that has not at all. */
export function listWitnessed(
  checkpoints: readonly TrustedCheckpoint[],
  trust: LogTrust,
): { witnessed: { name: string; size: number }[]; findings: Finding[] } {
  const witnessed = (trust.witnessKeys ?? []).map(({ name }) => ({
    name,
    size: Math.max(
      0,
      ...checkpoints.filter(({ witnesses }) => witnesses.includes(name)).map(({ size }) => size),
    ),
  }));
  const findings = witnessed.flatMap(({ name, size }): Finding[] => {
    const detail = `${name} has cosigned no checkpoint that is at hand`;
    return size > 0 ? [] : [{ kind: 'not-witnessed', index: null, entryId: null, detail }];
  });
  return { witnessed, findings };
}
