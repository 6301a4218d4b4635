import type { Permit } from '@cordon/access-policy';
import {
  decryptCells,
  type CipherCell,
  type DecryptOptions,
  type OpenedCell,
} from '@cordon/field-encryption';
import type { Transaction } from '@cordon/row-security';
import { describeCaller } from '../audit/describe.ts';
import type { AuditReceipt } from '../audit/receipt.ts';
import type { RequestCaller } from '../caller/caller.ts';
import { wipeKeys, type PatientKey } from '../keys/patient-keys.ts';
import type { DisclosedRow, Disclosure, RecordRow } from './disclose-records.ts';
import type { Subject } from './decide.ts';
import type { EngineContext } from './engine-context.ts';

export type OpenedRow<Row, Field extends string> = DisclosedRow<Row, Field>;

/** A cell and the keys of its patient. */
export interface LockedCell {
  readonly cell: CipherCell;
  readonly keys: PatientKey;
}

interface Wanted<Field extends string> extends LockedCell {
  readonly rowIndex: number;
  readonly field: Field;
  readonly patientId: string;
}

/** Decrypts what the decisions permit, in one statement. The receipt of the audit entries releases the keys. */
export async function openCells<Row extends RecordRow, Field extends string>(
  engine: EngineContext,
  caller: RequestCaller,
  disclosure: Disclosure<Row, Field>,
  permitted: readonly { row: Row; permit: Permit }[],
  receipt: AuditReceipt,
): Promise<OpenedRow<Row, Field>[]> {
  const readable = permitted.filter(({ permit }) => permit.disclosure === 'plaintext');
  const keys = await engine.patientKeys.load(
    caller.tenantId,
    readable.map(({ row }) => row.patient_id),
    receipt,
  );
  try {
    const names = Object.keys(disclosure.columns) as Field[];
    const wanted: Wanted<Field>[] = permitted.flatMap(({ row, permit }, rowIndex) => {
      const ofPatient = keys.get(row.patient_id);
      if (permit.disclosure !== 'plaintext' || ofPatient === undefined) return [];
      return names.flatMap((field) => {
        const column = disclosure.columns[field];
        const ciphertext: unknown = row[column];
        if (!Buffer.isBuffer(ciphertext) || permit.fields?.includes(field) === false) return [];
        const place = { tenantId: caller.tenantId, table: disclosure.table, column, rowId: row.id };
        const cell = { place, ciphertext, key: ofPatient.key };
        return [{ rowIndex, field, cell, keys: ofPatient, patientId: row.patient_id }];
      });
    });
    const opened = await openLocked(engine.stores.readAs(caller), wanted);
    await openWithNewKeys(engine, caller, receipt, wanted, opened);
    const result = gather(permitted, names, wanted, opened, (row) => keys.has(row.patient_id), receipt);
    await reportDamaged(engine, caller, disclosure, result);
    return result;
  } finally {
    wipeKeys(keys.values());
  }
}

/**
 * A key that another process replaced since it was cached here does not open what was written anew: what stays closed is
 * tried once more with keys fresh from the vault, before it is called damaged.
 */
async function openWithNewKeys<Field extends string>(
  engine: EngineContext,
  caller: RequestCaller,
  receipt: AuditReceipt,
  wanted: readonly Wanted<Field>[],
  opened: OpenedCell[],
): Promise<void> {
  const closed = wanted.flatMap((item, index) => (opened[index]?.ok === true ? [] : [{ item, index }]));
  if (closed.length === 0) return;
  const patients = [...new Set(closed.map(({ item }) => item.patientId))];
  for (const patientId of patients) engine.patientKeys.forget(caller.tenantId, patientId);
  const fresh = await engine.patientKeys.load(caller.tenantId, patients, receipt);
  try {
    const again = closed.flatMap(({ item, index }) => {
      const keys = fresh.get(item.patientId);
      if (keys === undefined || keys.keyId === item.keys.keyId) return [];
      return [{ index, item: { ...item, keys, cell: { ...item.cell, key: keys.key } } }];
    });
    const answers = await openLocked(
      engine.stores.readAs(caller),
      again.map(({ item }) => item),
    );
    again.forEach(({ index }, position) => {
      const answer = answers[position];
      if (answer !== undefined) opened[index] = answer;
    });
  } finally {
    wipeKeys(fresh.values());
  }
}

/** Tries each patient's current key, then the keys that it replaced, while the vault still has them (a rotation may be under way). */
export async function openLocked(
  transaction: Transaction,
  wanted: readonly LockedCell[],
  options: DecryptOptions = {},
): Promise<OpenedCell[]> {
  if (wanted.length === 0) return [];
  const opened = await decryptCells(
    transaction,
    wanted.map((item) => item.cell),
    options,
  );
  const most = Math.max(...wanted.map(({ keys }) => keys.earlier.length));
  for (let age = 0; age < most; age += 1) {
    const again = wanted.flatMap(({ cell, keys }, index) => {
      const key = keys.earlier[age]?.key;
      const closed = opened[index]?.ok === false;
      return closed && key !== undefined ? [{ index, cell: { ...cell, key } }] : [];
    });
    const answers = await decryptCells(
      transaction,
      again.map((item) => item.cell),
      options,
    );
    again.forEach(({ index }, position) => {
      const answer = answers[position];
      if (answer !== undefined) opened[index] = answer;
    });
  }
  return opened;
}

function gather<Row extends RecordRow, Field extends string>(
  permitted: readonly { row: Row; permit: Permit }[],
  names: readonly Field[],
  wanted: readonly Wanted<Field>[],
  opened: readonly OpenedCell[],
  hasKey: (row: Row) => boolean,
  receipt: AuditReceipt,
): OpenedRow<Row, Field>[] {
  const values = permitted.map(() => new Map<Field, string>());
  const damaged = new Set<number>();
  wanted.forEach(({ rowIndex, field }, index) => {
    const cell = opened[index];
    if (cell?.ok === true) values[rowIndex]?.set(field, cell.plaintext);
    else damaged.add(rowIndex);
  });
  return permitted.map(({ row, permit }, index) => {
    if (permit.disclosure !== 'plaintext') return { row, permit, receipt, fields: null, state: 'ciphertext' };
    if (!hasKey(row)) return { row, permit, receipt, fields: null, state: 'destroyed' };
    if (damaged.has(index)) return { row, permit, receipt, fields: null, state: 'damaged' };
    const pairs = names.map((name) => [name, values[index]?.get(name) ?? null] as const);
    const fields = Object.fromEntries(pairs) as Record<Field, string | null>;
    return { row, permit, receipt, fields, state: 'open' };
  });
}

async function reportDamaged<Row extends RecordRow, Field extends string>(
  engine: EngineContext,
  caller: RequestCaller,
  disclosure: Disclosure<Row, Field>,
  rows: readonly OpenedRow<Row, Field>[],
): Promise<void> {
  const damaged = rows.flatMap(({ row, state }) => (state === 'damaged' ? [row] : []));
  await recordDamaged(engine, caller, disclosure.subject, damaged);
}

/** Reports rows of which a cell could not be decrypted: in the process log, and in the audit log as a security event. */
export async function recordDamaged(
  engine: EngineContext,
  caller: RequestCaller,
  { resourceType, dataClass }: Pick<Subject, 'resourceType' | 'dataClass'>,
  rows: readonly { readonly id: string; readonly clinic_id: string | null }[],
): Promise<void> {
  if (rows.length === 0) return;
  engine.logger.warn('damaged cell', {
    requestId: caller.requestId,
    securityEvent: 'CELL_REFUSED',
    count: rows.length,
  });
  await engine.audit.append(
    rows.map((row) => ({
      ...describeCaller(caller),
      action: 'security.cell-refused',
      resourceType,
      resourceId: row.id,
      clinicId: row.clinic_id ?? undefined,
      dataClassIds: [dataClass],
      decision: 'deny',
      reasonCode: 'damaged-or-misplaced',
      outcome: 'none',
    })),
  );
}
