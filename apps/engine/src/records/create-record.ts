import { randomUUID } from 'node:crypto';
import { recordCardNumbers } from '../audit/record-card-numbers.ts';
import type { RequestCaller } from '../caller/caller.ts';
import { changeRecord, sealFields } from '../pipeline/change-record.ts';
import { decideOrRefuse, readContext, type Subject } from '../pipeline/decide.ts';
import type { EngineContext } from '../pipeline/engine-context.ts';
import { claimKey, type RepeatableCreate } from './idempotency.ts';
import { createOnce } from './once.ts';
import { sealedColumns, type RecordKind } from './record-kind.ts';
import { prepareParts, replaceParts } from './record-parts.ts';
import {
  checkTogether,
  initialColumns,
  namedFields,
  readValues,
  toColumns,
  toTexts,
  type FieldValues,
} from './row-values.ts';
import type { Statements } from './statements.ts';
import { tellRefusal } from './tell-refusal.ts';

export interface NewRecord {
  readonly clinicId: string;
  readonly patientId: string;
  readonly values: FieldValues;
  /** The record that this one succeeds, where the kind's rows name it. */
  readonly amends?: string;
}

interface Creation {
  readonly kind: RecordKind;
  readonly statements: Statements;
}

/**
 * Appends one record, at most once for its idempotency key. Answers its id.
 * @throws EngineError as `changeRecord`; `record-invalid`, `appointment-taken`, `record-changed`, `idempotency-key-reused`.
 */
export async function createRecord(
  engine: EngineContext,
  caller: RequestCaller,
  creation: Creation,
  record: NewRecord,
  repeatable: RepeatableCreate | null,
): Promise<string> {
  const { kind } = creation;
  const { clinicId, patientId } = record;
  const decide = async () =>
    decideOrRefuse(
      engine,
      caller,
      subjectOf(kind, record),
      { tenantId: caller.tenantId, clinicId, patientRecordId: patientId },
      { ...(await readContext(engine, caller)), changedFields: namedFields(kind, record.values) },
    );
  return createOnce(engine, caller, repeatable, {
    decide,
    create: () => appendRow(engine, caller, creation, record, repeatable),
  });
}

const subjectOf = (kind: RecordKind, { amends }: NewRecord): Subject => ({
  action: amends === undefined ? 'create' : 'amend',
  dataClass: kind.dataClass,
  auditAction: 'record.created',
  resourceType: kind.resourceType,
});

async function appendRow(
  engine: EngineContext,
  caller: RequestCaller,
  { kind, statements }: Creation,
  record: NewRecord,
  repeatable: RepeatableCreate | null,
): Promise<string> {
  const { clinicId, patientId, values, amends } = record;
  checkTogether(kind, values);
  const id = randomUUID();
  const { tenantId } = caller;
  const target = { tenantId, id, clinicId, patientId };
  const { texts, cardNumbersRemoved } = toTexts(kind.sealed, values);
  const parts = prepareParts(kind.parts, values);
  const follow = await kind.follow?.(engine, caller);
  try {
    await changeRecord(engine, caller, {
      subject: { ...subjectOf(kind, record), resourceId: id },
      clinicId,
      patientId,
      changedFields: namedFields(kind, values),
      work: async (transaction, key) => {
        if (repeatable !== null) await claimKey(transaction, caller, repeatable, id);
        await kind.require?.(transaction, target, readValues(kind, values));
        const columns = sealedColumns(kind.sealed);
        const byColumn = Object.fromEntries(
          Object.entries(columns).map(([name, column]) => [column, texts[name] ?? null]),
        );
        const cells = await sealFields(
          transaction,
          { tenantId, table: kind.table, rowId: id },
          key,
          byColumn,
        );
        const row: Record<string, unknown> = {
          tenant_id: tenantId,
          id,
          clinic_id: clinicId,
          patient_id: patientId,
          key_id: key.keyId,
          updated_by: caller.subject,
          ...(kind.authorColumn !== undefined && { [kind.authorColumn]: caller.subject }),
          ...(kind.chain !== undefined && 'names' in kind.chain && { [kind.chain.names]: amends ?? null }),
          ...initialColumns(kind.plain),
          ...toColumns(kind.plain, values),
          ...cells,
        };
        await transaction.query(
          statements.insert,
          statements.inserted.map((column) => row[column]),
        );
        if (kind.parts !== undefined && parts !== null)
          await replaceParts(transaction, kind.parts, target, key, parts);
        await follow?.(transaction, target, texts);
      },
    });
  } catch (error) {
    throw tellRefusal(error);
  }
  const removed = cardNumbersRemoved + (parts?.cardNumbersRemoved ?? 0);
  if (removed > 0)
    await recordCardNumbers(engine, caller, { type: kind.resourceType, id, clinicId, dataClass: kind.dataClass }, removed); // prettier-ignore
  return id;
}
