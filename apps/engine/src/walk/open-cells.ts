import type { Permit } from '@cordon/access-policy';
import { decryptCells, type CipherCell, type OpenedCell } from '@cordon/field-encryption';
import { describeCaller } from '../audit/describe.ts';
import type { RequestCaller } from '../caller/caller.ts';
import type { DisclosedRow, Disclosure, RecordRow } from './disclose-records.ts';
import type { EngineContext } from './engine-context.ts';

export type OpenedRow<Row, Field extends string> = DisclosedRow<Row, Field>;

interface Wanted<Field extends string> {
  readonly rowIndex: number;
  readonly field: Field;
  readonly cell: CipherCell;
}

/** Decrypts what the decisions open, in one statement. Called after the audit entries are durable, and only then. */
export async function openCells<Row extends RecordRow, Field extends string>(
  engine: EngineContext,
  caller: RequestCaller,
  disclosure: Disclosure<Row, Field>,
  permitted: readonly { row: Row; permit: Permit }[],
): Promise<OpenedRow<Row, Field>[]> {
  const readable = permitted.filter(({ permit }) => permit.disclosure === 'plaintext');
  const keys = await engine.patientKeys.load(
    caller.tenantId,
    readable.map(({ row }) => row.patient_id),
  );
  const names = Object.keys(disclosure.columns) as Field[];
  const wanted: Wanted<Field>[] = permitted.flatMap(({ row, permit }, rowIndex) => {
    const key = keys.get(row.patient_id)?.key;
    if (permit.disclosure !== 'plaintext' || key === undefined) return [];
    return names.flatMap((field) => {
      const column = disclosure.columns[field];
      const ciphertext: unknown = row[column];
      if (!Buffer.isBuffer(ciphertext) || permit.fields?.includes(field) === false) return [];
      const place = { tenantId: caller.tenantId, table: disclosure.table, column, rowId: row.id };
      return [{ rowIndex, field, cell: { place, ciphertext, key } }];
    });
  });
  const cells = wanted.map((item) => item.cell);
  const opened = cells.length === 0 ? [] : await decryptCells(engine.stores.readAs(caller), cells);
  const result = gather(permitted, names, wanted, opened, (row) => keys.has(row.patient_id));
  await reportDamaged(engine, caller, disclosure, result);
  return result;
}

function gather<Row extends RecordRow, Field extends string>(
  permitted: readonly { row: Row; permit: Permit }[],
  names: readonly Field[],
  wanted: readonly Wanted<Field>[],
  opened: readonly OpenedCell[],
  hasKey: (row: Row) => boolean,
): OpenedRow<Row, Field>[] {
  const values = permitted.map(() => new Map<Field, string>());
  const damaged = new Set<number>();
  wanted.forEach(({ rowIndex, field }, index) => {
    const cell = opened[index];
    if (cell?.ok === true) values[rowIndex]?.set(field, cell.plaintext);
    else damaged.add(rowIndex);
  });
  return permitted.map(({ row, permit }, index) => {
    if (permit.disclosure !== 'plaintext') return { row, fields: null, state: 'ciphertext' };
    if (!hasKey(row)) return { row, fields: null, state: 'destroyed' };
    if (damaged.has(index)) return { row, fields: null, state: 'damaged' };
    const pairs = names.map((name) => [name, values[index]?.get(name) ?? null] as const);
    return { row, fields: Object.fromEntries(pairs) as Record<Field, string | null>, state: 'open' };
  });
}

async function reportDamaged<Row extends RecordRow, Field extends string>(
  engine: EngineContext,
  caller: RequestCaller,
  disclosure: Disclosure<Row, Field>,
  rows: readonly OpenedRow<Row, Field>[],
): Promise<void> {
  const damaged = rows.filter((row) => row.state === 'damaged');
  if (damaged.length === 0) return;
  engine.logger.warn('damaged cell', {
    requestId: caller.requestId,
    securityEvent: 'CELL_REFUSED',
    count: damaged.length,
  });
  await engine.audit.append(
    damaged.map(({ row }) => ({
      ...describeCaller(caller),
      action: 'security.cell-refused' as const,
      resourceType: disclosure.subject.resourceType,
      resourceId: row.id,
      clinicId: row.clinic_id,
      dataClassIds: [disclosure.subject.dataClass],
      decision: 'deny' as const,
      reasonCode: 'damaged-or-misplaced' as const,
      outcome: 'none' as const,
    })),
  );
}
