export { AuditLogError, type AuditLogErrorCode } from './src/error.ts';
export {
  entryFields,
  entryLineSql,
  entrySession,
  readEntryJson,
  readEntryLine,
  type LoggedEntry,
} from './src/entry.ts';
export { entryColumnsSql, openEntryRow, readEntryRow, timeOf, type OpenedRow } from './src/entry-row.ts';
export { writeEntryRow } from './src/canonical-row.ts';
export {
  cellOf,
  CopyOut,
  integerOf,
  lengthOf,
  readCopiedTable,
  startOf,
  type CopiedTable,
} from './src/copied-table.ts';
export { formatTime } from './src/entry-time.ts';
export { formatUuid } from './src/uuid-bytes.ts';
export { hashCanonical, hashEntry, writeEntry } from './src/leaf.ts';
export { buildLeafBatch, checkRows, type LeafBatch } from './src/leaf-batch.ts';
export {
  checkpointPath,
  keptCheckpointPath,
  openLogFolder,
  readKeptCheckpoints,
  tilePathsBetween,
  tileReaderOf,
  type LogPlace,
} from './src/log-folder.ts';
export { isForgery, type Finding, type FindingKind } from './src/findings.ts';
export type { LeafRow, LeafSource, RowSource, RowWithoutLeaf, TrustedCheckpoint } from './src/sources.ts';
export { trustCheckpoint } from './src/checkpoints.ts';
export { verifyLog, type VerifyOptions, type VerifyReport } from './src/verify-log.ts';
export type { PublishedLeaf } from './src/name-fault.ts';
export { checkEntryProof, writeEntryProof, type CheckedProof, type SaltedEntry } from './src/entry-proof.ts';
