import { randomUUID } from 'node:crypto';
import type { Permit } from '@cordon/access-policy';
import type { Transaction } from '@cordon/row-security';
import { describeCaller } from '../audit/describe.ts';
import type { AuditEntry } from '../audit/entry.ts';
import type { AuditReceipt } from '../audit/receipt.ts';
import type { RequestCaller } from '../caller/caller.ts';
import { EngineError } from '../error.ts';
import { decideFor, decideOrRefuse, ownRelation, readContext, type Subject } from './decide.ts';
import { findGrants } from './find-grants.ts';
import type { EngineContext } from './engine-context.ts';
import { openCells, type OpenedRow } from './open-cells.ts';

/** What every query of clinical rows returns besides its own columns. */
export interface RecordRow {
  readonly id: string;
  readonly clinic_id: string;
  readonly patient_id: string;
  /** Whether a break-glass grant of the caller is what opens the row (`emergencyColumn`); absent where none can. */
  readonly emergency?: boolean;
}

export interface Disclosure<Row extends RecordRow, Field extends string> {
  readonly subject: Subject;
  /** `clinical.patients` … */
  readonly table: string;
  /** The encrypted columns, by the field's name in the API. */
  readonly columns: Readonly<Record<Field, keyof Row & string>>;
  /** One statement: each that it sends is a transaction of its own. */
  readonly fetch: (transaction: Transaction) => Promise<readonly Row[]>;
}

export interface DisclosedRow<Row, Field extends string> {
  readonly row: Row;
  /** Null where the policy opens the row but no keys, or where the record was destroyed or damaged. */
  readonly fields: Readonly<Record<Field, string | null>> | null;
  readonly state: 'open' | 'ciphertext' | 'destroyed' | 'damaged';
  /** The decision that opened it and the entry that says so: under them what hangs on the row may be opened as well. */
  readonly permit: Permit;
  readonly receipt: AuditReceipt;
}

/**
 * Every read about patients: fetch ids and ciphertext under row security, decide for each row, make one audit entry durable for
 * each patient, and only then take keys and decrypt, for each row only the fields that the decision permits.
 * @throws EngineError `access-denied`, `audit-unavailable`, `keys-unavailable`.
 */
export async function discloseRecords<Row extends RecordRow, Field extends string>(
  engine: EngineContext,
  caller: RequestCaller,
  disclosure: Disclosure<Row, Field>,
): Promise<DisclosedRow<Row, Field>[]> {
  const { subject } = disclosure;
  const context = await readContext(engine, caller);
  await decideOrRefuse(engine, caller, subject, ownRelation(caller, context), context);
  const rows = await disclosure.fetch(engine.stores.readAs(caller));
  const grants = await findGrants(engine, caller, rows);
  const permitted = rows.flatMap((row) => {
    const resource = {
      tenantId: caller.tenantId,
      clinicId: row.clinic_id,
      patientRecordId: row.patient_id,
      restricted: row.emergency === true,
    };
    const breakGlass = grants.get(row.patient_id);
    const decision = decideFor(engine, caller, subject, resource, { ...context, breakGlass });
    return decision.decision === 'permit' ? [{ row, permit: decision }] : [];
  });
  const receipt = await recordDisclosure(engine, caller, subject, permitted);
  return openCells(engine, caller, disclosure, permitted, receipt);
}

/**
 * The same for one record.
 * @throws EngineError also `record-unknown` (it is not there, or hidden), `record-destroyed`, `record-damaged`.
 */
export async function discloseRecord<Row extends RecordRow, Field extends string>(
  engine: EngineContext,
  caller: RequestCaller,
  disclosure: Disclosure<Row, Field>,
): Promise<OpenedRow<Row, Field>> {
  const [found] = await discloseRecords(engine, caller, disclosure);
  if (found === undefined) throw new EngineError('record-unknown');
  if (found.state === 'destroyed') throw new EngineError('record-destroyed');
  if (found.state === 'damaged')
    throw new EngineError('record-damaged', { detail: 'a cell is damaged or stands in another place' });
  return found;
}

async function recordDisclosure(
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject,
  permitted: readonly { row: RecordRow; permit: Permit }[],
): Promise<AuditReceipt> {
  const described = {
    ...describeCaller(caller),
    action: subject.auditAction,
    resourceType: subject.resourceType,
    dataClassIds: [subject.dataClass],
    outcome: 'none',
  } as const;
  if (permitted.length === 0) {
    const missing = subject.action === 'read';
    return engine.audit.append([
      {
        ...described,
        resourceId: subject.resourceId,
        decision: missing ? 'deny' : 'permit',
        reasonCode: missing ? 'no-such-record' : 'granted',
        recordCount: 0,
      },
    ]);
  }
  const byPatient = new Map<string, { row: RecordRow; permit: Permit; count: number }>();
  for (const { row, permit } of permitted) {
    const earlier = byPatient.get(row.patient_id);
    byPatient.set(row.patient_id, { row, permit, count: (earlier?.count ?? 0) + 1 });
  }
  const pseudonyms = await engine.patientKeys.pseudonyms(caller.tenantId, [...byPatient.keys()]);
  const entries = [...byPatient].map(([patientId, { row, permit, count }]): AuditEntry => ({
    ...described,
    id: randomUUID(),
    clinicId: row.clinic_id,
    resourceId: count === 1 ? row.id : patientId,
    patientPseudonym: pseudonyms.get(patientId),
    decision: 'permit',
    reasonCode: permit.reason,
    recordCount: count,
  }));
  return engine.audit.append(entries);
}
