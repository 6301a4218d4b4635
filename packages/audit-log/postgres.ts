/** The log as PostgreSQL holds it: rows as text lines for a few, as binary COPY for all. */
export { entryLineSql, entrySession, readEntryLine } from './src/entry.ts';
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
export { hashCanonical } from './src/leaf.ts';
export { buildLeafBatch, type LeafBatchBuilder, type SaltedRow } from './src/leaf-batch.ts';
