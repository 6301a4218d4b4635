export { AuditLogError, type AuditLogErrorCode } from './src/error.ts';
export { readEntryJson, type LoggedEntry } from './src/entry.ts';
export { hashEntry, writeEntry } from './src/leaf.ts';
export { checkRows, type LeafBatch } from './src/leaf-batch.ts';
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
