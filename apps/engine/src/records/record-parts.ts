import { randomUUID } from 'node:crypto';
import { encryptCells } from '@cordon/field-encryption';
import type { Transaction } from '@cordon/row-security';
import type { RequestCaller } from '../caller/caller.ts';
import type { SealingKey } from '../pipeline/change-record.ts';
import type { DisclosedRow, RecordRow } from '../pipeline/disclose-records.ts';
import { EngineError } from '../error.ts';
import type { EngineContext } from '../pipeline/engine-context.ts';
import { openCells, openLocked } from '../pipeline/open-cells.ts';
import { sealedColumns, type RecordKind, type RecordParts, type WriteTarget } from './record-kind.ts';
import { readPlain, readSealed, toTexts, type FieldValues, type KindRow } from './row-values.ts';

interface PartsStatements {
  /** tenant, record */
  readonly find: string;
  readonly remove: string;
  readonly insert: string;
}

/** Parts are few: their statement takes one list a column. */
function partsStatementsOf(parts: RecordParts): PartsStatements {
  const plain = Object.values(parts.plain).map((field) => field.column);
  const sealed = Object.values(sealedColumns(parts.sealed));
  const lists = [
    ...plain.map((_column, index) => `$${index + 8}::text[]`),
    ...sealed.map((_column, index) => `$${index + 8 + plain.length}::bytea[]`),
  ];
  const columns = [...plain, ...sealed];
  return {
    find: `SELECT id, clinic_id, patient_id, position, ${columns.join(', ')} FROM ${parts.table}
      WHERE tenant_id = $1 AND ${parts.parentColumn} = $2 ORDER BY position`,
    remove: `DELETE FROM ${parts.table} WHERE tenant_id = $1 AND ${parts.parentColumn} = $2`,
    insert: `INSERT INTO ${parts.table} (tenant_id, ${parts.parentColumn}, clinic_id, patient_id, key_id, id, position,
        ${columns.join(', ')})
      SELECT $1, $2, $3, $4, $5, part.* FROM unnest($6::uuid[], $7::integer[], ${lists.join(', ')}) AS part`,
  };
}

export interface PreparedParts {
  readonly plain: readonly FieldValues[];
  readonly texts: readonly Readonly<Record<string, string | null>>[];
  readonly cardNumbersRemoved: number;
}

/** What a body says of the parts, cleaned; null where it leaves them as they are. */
export function prepareParts(parts: RecordParts | undefined, values: FieldValues): PreparedParts | null {
  const given = parts === undefined ? undefined : values[parts.field];
  if (parts === undefined || !Array.isArray(given)) return null;
  const plain = given as FieldValues[];
  const cleaned = plain.map((part) => toTexts(parts.sealed, part));
  return {
    plain,
    texts: cleaned.map(({ texts }) => texts),
    cardNumbersRemoved: cleaned.reduce((sum, part) => sum + part.cardNumbersRemoved, 0),
  };
}

/** Writes the parts of a record in their order; earlier ones are removed first. */
export async function replaceParts(
  transaction: Transaction,
  parts: RecordParts,
  target: WriteTarget,
  key: SealingKey,
  { plain: given, texts }: PreparedParts,
): Promise<void> {
  const statements = partsStatementsOf(parts);
  await transaction.query(statements.remove, [target.tenantId, target.id]);
  if (given.length === 0) return;
  const ids = given.map(() => randomUUID());
  const columns = Object.entries(sealedColumns(parts.sealed));
  const wanted = texts.flatMap((part, index) =>
    columns.flatMap(([name, column]) => {
      const plaintext = part[name];
      return typeof plaintext === 'string' ? [{ index, column, plaintext }] : [];
    }),
  );
  const cells = await encryptCells(
    transaction,
    wanted.map(({ index, column, plaintext }) => ({
      place: { tenantId: target.tenantId, table: parts.table, column, rowId: ids[index] ?? '' },
      plaintext,
      key: key.key,
    })),
  );
  const sealed = new Map(
    wanted.map(({ index, column }, place) => [`${column} ${index}`, cells[place] ?? null]),
  );
  await transaction.query(statements.insert, [
    target.tenantId, target.id, target.clinicId, target.patientId, key.keyId,
    ids,
    given.map((_part, index) => index + 1),
    ...Object.keys(parts.plain).map((name) => given.map((part) => part[name])),
    ...columns.map(([, column]) => given.map((_part, index) => sealed.get(`${column} ${index}`) ?? null)),
  ]); // prettier-ignore
}

/** The parts of a record that was opened, under the decision that opened it; its audit entry stands for them as well. */
export async function openParts(
  engine: EngineContext,
  caller: RequestCaller,
  kind: RecordKind,
  parts: RecordParts,
  parent: DisclosedRow<RecordRow, string>,
): Promise<Record<string, unknown>[]> {
  const { rows } = await engine.stores
    .readAs(caller)
    .query<KindRow>(partsStatementsOf(parts).find, [caller.tenantId, parent.row.id]);
  const opened = await openCells<KindRow, string>(
    engine,
    caller,
    {
      subject: { action: 'read', dataClass: kind.dataClass, auditAction: 'record.opened', resourceType: kind.resourceType },
      table: parts.table,
      columns: sealedColumns(parts.sealed),
      fetch: () => Promise.resolve(rows),
    },
    rows.map((row) => ({ row, permit: parent.permit })),
    parent.receipt,
  ); // prettier-ignore
  return opened.map(({ row, fields }) => ({
    id: row.id,
    ...readPlain(parts.plain, row),
    ...readSealed(parts.sealed, fields),
  }));
}

/** The parts as they stand, as one text to be sealed with a version of their record. */
export async function readPartsAsText(
  transaction: Transaction,
  parts: RecordParts,
  target: WriteTarget,
  key: SealingKey,
): Promise<string> {
  const { rows } = await transaction.query<KindRow>(partsStatementsOf(parts).find, [
    target.tenantId,
    target.id,
  ]);
  const columns = Object.entries(sealedColumns(parts.sealed));
  const present = rows.flatMap((row) =>
    columns.flatMap(([name, column]) => {
      const ciphertext = row[column];
      return Buffer.isBuffer(ciphertext) ? [{ row, name, column, ciphertext }] : [];
    }),
  );
  const opened = await openLocked(
    transaction,
    present.map(({ row, column, ciphertext }) => ({
      cell: {
        place: { tenantId: target.tenantId, table: parts.table, column, rowId: row.id },
        ciphertext,
        key: key.key,
      },
      keys: key,
    })),
    { inTransaction: true },
  );
  const texts = new Map(rows.map((row) => [row.id, {}]));
  present.forEach(({ row, name }, index) => {
    const cell = opened[index];
    if (cell?.ok !== true)
      throw new EngineError('record-damaged', { detail: 'a cell is damaged or stands in another place' });
    Object.assign(texts.get(row.id) ?? {}, { [name]: cell.plaintext });
  });
  return JSON.stringify(
    rows.map((row) => ({
      id: row.id,
      ...readPlain(parts.plain, row),
      ...readSealed(parts.sealed, texts.get(row.id) ?? null),
    })),
  );
}
