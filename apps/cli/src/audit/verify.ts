import {
  openLogFolder,
  tileReaderOf,
  verifyLog,
  type LeafSource,
  type PublishedLeaf,
  type TrustedCheckpoint,
  type VerifyReport,
} from '@cordon/audit-log';
import { TileReader, type LogTrust } from '@cordon/transparency-log';
import { availableParallelism } from 'node:os';
import pg, { type ClientConfig } from 'pg';
import {
  fileNotes,
  findUnpublished,
  folderNotes,
  listWitnessed,
  storeNotes,
  trustNotes,
} from './collect-checkpoints.ts';
import { openExport } from './export-file.ts';
import { findAlteredMonths } from './find-altered-months.ts';
import type { AuditSettings } from './settings.ts';
import { leafSession } from './read-leaves.ts';
import { openStoreSource } from './store-source.ts';

/** The server, which may be this very machine, works as much as they do. */
function defaultThreads(): number {
  return Math.min(4, Math.max(1, Math.ceil(availableParallelism() / 2)));
}

/** Verifies the store with everything that is at hand: its checkpoints, the published log, those named by `from`. */
export async function verifyStore(
  settings: AuditSettings,
  from: readonly string[] = [],
  { threads = defaultThreads(), worthThreads }: { threads?: number; worthThreads?: number } = {},
): Promise<AuditReport> {
  const database = (): ClientConfig => ({ ...settings.database(), options: leafSession });
  const client = new pg.Client(database());
  await client.connect();
  try {
    // Checkpoints before leaves: the log grows meanwhile, and a younger head would cover more than was read.
    const published = settings.logFolder === undefined ? [] : await folderNotes(settings.logFolder);
    const notes = [...(await fileNotes(from)), ...published, ...(await storeNotes(client))];
    const checkpoints = trustNotes(notes, settings.trust);
    const inFolder = trustNotes(published, settings.trust);
    const report = await verifyLog({
      source: await openStoreSource(client, { count: threads, database, worthThreads }),
      checkpoints,
      publishedLeaf: readPublished(settings.logFolder, inFolder),
    });
    const altered = await findAlteredMonths(client);
    const begun = report.entries > 0 || checkpoints.length > 0;
    const unpublished =
      begun && settings.logFolder !== undefined ? await findUnpublished(settings.logFolder) : [];
    return withWitnesses(
      { ...report, findings: [...report.findings, ...altered, ...unpublished] },
      checkpoints,
      settings.trust,
    );
  } finally {
    await client.end();
  }
}

/** Verifies an export by the checkpoints in it and those named by `from`, with the public key alone. */
export async function verifyExport(
  file: string,
  settings: Pick<AuditSettings, 'trust'>,
  from: readonly string[] = [],
): Promise<AuditReport> {
  const source: LeafSource & Awaited<ReturnType<typeof openExport>> = await openExport(file);
  const notes = [...(await fileNotes(from)), ...source.checkpoints];
  const checkpoints = trustNotes(notes, settings.trust);
  return withWitnesses(await verifyLog({ source, checkpoints }), checkpoints, settings.trust);
}

export interface AuditReport extends VerifyReport {
  /** How many entries each witness has vouched for. */
  readonly witnessed: readonly { readonly name: string; readonly size: number }[];
}

function withWitnesses(
  report: VerifyReport,
  checkpoints: readonly TrustedCheckpoint[],
  trust: LogTrust,
): AuditReport {
  const { witnessed, findings } = listWitnessed(checkpoints, trust);
  return { ...report, witnessed, findings: [...report.findings, ...findings] };
}

function readPublished(
  folder: string | undefined,
  checkpoints: readonly TrustedCheckpoint[],
): PublishedLeaf | undefined {
  const newest = checkpoints.reduce<TrustedCheckpoint | undefined>(
    (best, each) => (best === undefined || each.size > best.size ? each : best),
    undefined,
  );
  if (folder === undefined || newest === undefined) return undefined;
  const readTile = tileReaderOf(openLogFolder(folder));
  const reader = new TileReader({ size: newest.size, root: newest.root, readTile });
  return (index) => reader.node({ level: 0, index });
}
