import { randomUUID } from 'node:crypto';
import type { Transaction } from '@cordon/row-security';
import { recordCardNumbers } from '../audit/record-card-numbers.ts';
import type { RequestCaller } from '../caller/caller.ts';
import { EngineError } from '../error.ts';
import { changeRecord, sealFields, type SealingKey } from '../pipeline/change-record.ts';
import type { EngineContext } from '../pipeline/engine-context.ts';
import { openLocked } from '../pipeline/open-cells.ts';
import { sealedColumns, type RecordKind, type WriteTarget } from './record-kind.ts';
import { prepareParts, readPartsAsText, replaceParts } from './record-parts.ts';
import { checkTogether, namedFields, readPlain, readValues, toColumns, toTexts, type FieldValues, type KindRow } from './row-values.ts'; // prettier-ignore
import type { Statements } from './statements.ts';
import { tellRefusal } from './tell-refusal.ts';

export interface RecordChange {
  readonly id: string;
  readonly clinicId: string;
  readonly patientId: string;
  /** The version that the change was made from. */
  readonly version: number;
  readonly values: FieldValues;
}

/**
 * Changes the fields that the request names, after keeping the row as it was. Of two changes from one version one wins.
 * Answers the new version.
 * @throws EngineError as `changeRecord`; `record-changed`, `record-invalid`, `appointment-taken`.
 */
export async function updateRecord(
  engine: EngineContext,
  caller: RequestCaller,
  { kind, statements }: { kind: RecordKind; statements: Statements },
  change: RecordChange,
): Promise<number> {
  const { id, clinicId, patientId, version, values } = change;
  const target = { tenantId: caller.tenantId, id, clinicId, patientId };
  const { texts, cardNumbersRemoved } = toTexts(kind.sealed, values);
  const parts = prepareParts(kind.parts, values);
  const follow = await kind.follow?.(engine, caller);
  try {
    await changeRecord(engine, caller, {
      subject: {
        action: 'update',
        dataClass: kind.dataClass,
        auditAction: 'record.changed',
        resourceType: kind.resourceType,
        resourceId: id,
      },
      clinicId,
      patientId,
      changedFields: namedFields(kind, values),
      work: async (transaction, key) => {
        const { rows } = await transaction.query<KindRow>(statements.lock, [caller.tenantId, id, version]);
        const [before] = rows;
        if (before === undefined) throw new EngineError('record-changed');
        checkTogether(kind, { ...readPlain(kind.plain, before), ...values });
        await kind.require?.(transaction, target, readValues(kind, values));
        const fields = await openRow(transaction, kind, target, key, before);
        await keepVersion(transaction, { kind, statements }, target, key, before, fields);
        const changed = { ...fields, ...texts };
        const isRekeyed = before['key_id'] !== key.keyId && caller.role !== 'role.patient';
        const cells = await sealRow(transaction, kind, target, key, isRekeyed ? changed : texts);
        const row: Record<string, unknown> = {
          ...before,
          ...toColumns(kind.plain, values),
          ...cells,
          ...(isRekeyed && { key_id: key.keyId }),
          updated_by: caller.subject,
        };
        const parameters = statements.changed.map((column) => row[column]);
        await transaction.query(statements.update, [caller.tenantId, id, version, ...parameters]);
        if (kind.parts !== undefined && parts !== null)
          await replaceParts(transaction, kind.parts, target, key, parts);
        await follow?.(transaction, target, changed);
      },
    });
  } catch (error) {
    throw tellRefusal(error);
  }
  const removed = cardNumbersRemoved + (parts?.cardNumbersRemoved ?? 0);
  if (removed > 0)
    await recordCardNumbers(engine, caller, { type: kind.resourceType, id, clinicId, dataClass: kind.dataClass }, removed); // prettier-ignore
  return version + 1;
}

/** The row's sealed fields as they were, under the key that the change's own audit entry released. */
async function openRow(
  transaction: Transaction,
  kind: RecordKind,
  target: WriteTarget,
  key: SealingKey,
  row: KindRow,
): Promise<Record<string, string | null>> {
  const present = Object.entries(sealedColumns(kind.sealed)).filter(([, column]) =>
    Buffer.isBuffer(row[column]),
  );
  const opened = await openLocked(
    transaction,
    present.map(([, column]) => ({
      cell: {
        place: { tenantId: target.tenantId, table: kind.table, column, rowId: target.id },
        ciphertext: row[column] as Buffer,
        key: key.key,
      },
      keys: key,
    })),
    { inTransaction: true },
  );
  const fields: Record<string, string | null> = {};
  for (const name of Object.keys(kind.sealed)) fields[name] = null;
  present.forEach(([name], index) => {
    const cell = opened[index];
    if (cell?.ok !== true)
      throw new EngineError('record-damaged', { detail: 'a cell is damaged or stands in another place' });
    fields[name] = cell.plaintext;
  });
  return fields;
}

/** A copy of the row before the change, its cells sealed for the copy's own place. */
async function keepVersion(
  transaction: Transaction,
  { kind, statements }: { kind: RecordKind; statements: Statements },
  target: WriteTarget,
  key: SealingKey,
  before: KindRow,
  fields: Readonly<Record<string, string | null>>,
): Promise<void> {
  if (kind.versions === null) throw new TypeError(`${kind.segment} keeps no versions`);
  const id = randomUUID();
  const texts: Record<string, string | null> = {};
  for (const [name, column] of Object.entries(sealedColumns(kind.sealed)))
    texts[column] = fields[name] ?? null;
  if (kind.parts !== undefined)
    texts[kind.parts.versionColumn] = await readPartsAsText(transaction, kind.parts, target, key);
  const place = { tenantId: target.tenantId, table: kind.versions, rowId: id };
  const cells = await sealFields(transaction, place, key, texts);
  const row: Record<string, unknown> = {
    ...before,
    ...cells,
    tenant_id: target.tenantId,
    id,
    record_id: target.id,
    key_id: key.keyId,
  };
  await transaction.query(
    statements.insertVersion,
    statements.kept.map((column) => row[column]),
  );
}

/**
 * The named cells under the patient's current key. Where that has replaced the row's key, staff's changes write all cells
 * anew; a patient's own may not touch the cells that say who they are, which wait for the rotation.
 */
async function sealRow(
  transaction: Transaction,
  kind: RecordKind,
  target: WriteTarget,
  key: SealingKey,
  fields: Readonly<Record<string, string | null>>,
): Promise<Record<string, Buffer | null>> {
  const byColumn = Object.fromEntries(
    Object.entries(sealedColumns(kind.sealed)).flatMap(([name, column]) => {
      const text = fields[name];
      return text === undefined ? [] : [[column, text] as const];
    }),
  );
  const place = { tenantId: target.tenantId, table: kind.table, rowId: target.id };
  return sealFields(transaction, place, key, byColumn);
}
