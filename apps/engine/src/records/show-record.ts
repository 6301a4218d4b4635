import type { DisclosedRow } from '../pipeline/disclose-records.ts';
import type { RecordKind } from './record-kind.ts';
import { readPlain, readSealed, type KindRow } from './row-values.ts';

const time = (value: unknown): string | undefined =>
  value instanceof Date ? value.toISOString() : undefined;

/** A disclosed row in the words of the API. */
export function showRecord(
  kind: RecordKind,
  disclosed: DisclosedRow<KindRow, string>,
): Record<string, unknown> {
  const { row, fields, state } = disclosed;
  return {
    id: row['record_id'] ?? row.id,
    clinicId: row.clinic_id,
    patientId: row.patient_id,
    disclosure: state,
    createdAt: time(row[kind.createdColumn]),
    ...(kind.versions !== null && {
      version: row['version'],
      updatedAt: time(row['updated_at']),
      updatedBy: row['updated_by'],
    }),
    ...(kind.authorColumn !== undefined && { authorId: row[kind.authorColumn] }),
    ...(kind.chain !== undefined && 'names' in kind.chain && { amendsId: row[kind.chain.names] }),
    ...readPlain(kind.plain, row),
    ...readSealed(kind.sealed, fields),
  };
}

/** The version that an entity tag names: rows that are only appended have one. */
export const versionOf = (row: KindRow): number => (typeof row['version'] === 'number' ? row['version'] : 1);
