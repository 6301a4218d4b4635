export { AuditLogError, type AuditLogErrorCode } from './src/error.ts';
export {
  entryFields,
  entryLineSql,
  entrySession,
  readEntryJson,
  readEntryLine,
  type LoggedEntry,
} from './src/entry.ts';
export { hashEntry, writeEntry } from './src/leaf.ts';
export {
  checkpointPath,
  keptCheckpointPath,
  openLogFolder,
  readKeptCheckpoints,
  tilePathsBetween,
  tileReaderOf,
  type LogPlace,
} from './src/log-folder.ts';
