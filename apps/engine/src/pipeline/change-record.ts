import { randomUUID } from 'node:crypto';
import type { DataClassId, Permit } from '@cordon/access-policy';
import { encryptCells } from '@cordon/field-encryption';
import type { Transaction } from '@cordon/row-security';
import type { AuditEntry } from '../audit/entry.ts';
import type { RequestCaller } from '../caller/caller.ts';
import { EngineError } from '../error.ts';
import { wipeKeys, type PatientKey } from '../keys/patient-keys.ts';
import { wipeSearchKeys } from '../keys/tenant-keys.ts';
import { decideOrRefuse, readContext, type Subject } from './decide.ts';
import type { EngineContext } from './engine-context.ts';
import { describeIntent, leaveOutcome, recordFailure } from './intent.ts';

/** A patient's key as a change's work receives it, to seal that patient's fields with. */
export type SealingKey = PatientKey;

export { wipeKeys, wipeSearchKeys };

export interface Change<Result> {
  readonly subject: Subject & { readonly resourceId: string };
  /** Classes written besides the subject's own; each is decided as well. */
  readonly alsoWrites?: readonly DataClassId[];
  /** Records of the same patient that come into being with this change: each is decided, and has entries of its own. */
  readonly alsoCreates?: readonly { resourceType: string; resourceId: string; dataClass: DataClassId }[];
  readonly clinicId: string;
  readonly patientId: string;
  /** True where the patient comes into being with this change: its key is made first. */
  readonly newPatient?: boolean;
  /** True where the work itself makes the patient visible: breaking glass. The patient must be there afterwards. */
  readonly opensPatient?: boolean;
  /** The fields that are written, in the words of the policy; each must be the role's to write. */
  readonly changedFields?: readonly string[];
  readonly work: (transaction: Transaction, key: PatientKey) => Promise<Result>;
}

/**
 * Every write about a patient: decide, make the intent durable, then one transaction under row security that also writes the
 * outbox row; the relay turns that row into the outcome. A change that fails is recorded as failed at once.
 * @throws EngineError `access-denied`, `record-unknown`, `audit-unavailable`, `keys-unavailable`; what `work` throws.
 */
export async function changeRecord<Result>(
  engine: EngineContext,
  caller: RequestCaller,
  change: Change<Result>,
): Promise<Result> {
  const permit = await decideAll(engine, caller, change);
  const { tenantId } = caller;
  const pseudonym =
    change.newPatient === true
      ? randomUUID()
      : (await engine.patientKeys.pseudonyms(tenantId, [change.patientId])).get(change.patientId);
  const intent = describeIntent(caller, change.subject, permit, {
    clinicId: change.clinicId,
    patientPseudonym: pseudonym,
    dataClassIds: [change.subject.dataClass, ...(change.alsoWrites ?? [])],
  });
  const intents = [
    intent,
    ...(change.alsoCreates ?? []).map(({ dataClass, ...resource }): AuditEntry => ({
      ...intent,
      ...resource,
      id: randomUUID(),
      action: 'record.created',
      dataClassIds: [dataClass],
    })),
  ];
  const receipt = await engine.audit.append(intents);
  let key: PatientKey | undefined;
  try {
    key =
      change.newPatient === true && pseudonym !== undefined
        ? await engine.patientKeys.create(tenantId, change.patientId, pseudonym, receipt)
        : (await engine.patientKeys.load(tenantId, [change.patientId], receipt)).get(change.patientId);
    const result = await engine.stores.withCaller(caller, async (transaction) => {
      // A patient without a key is one that the caller cannot know of, or one that was erased.
      if (key === undefined) throw new EngineError('record-unknown');
      const isThere = change.newPatient !== true && change.opensPatient !== true;
      if (isThere && seesPatients(engine, caller)) await requirePatient(transaction, tenantId, change);
      const done = await change.work(transaction, key);
      if (change.opensPatient === true) await requirePatient(transaction, tenantId, change);
      for (const each of intents) await leaveOutcome(transaction, each);
      return done;
    });
    if (change.newPatient === true) await engine.patientKeys.confirm(tenantId, change.patientId);
    engine.wakeRelay(tenantId);
    return result;
  } catch (error) {
    for (const each of intents) await recordFailure(engine, each);
    throw error;
  } finally {
    if (key !== undefined) wipeKeys([key]);
  }
}

/** A role that books or bills without reading profiles cannot select the patient; foreign keys bind its row to patient and clinic. */
const seesPatients = (engine: EngineContext, caller: RequestCaller): boolean =>
  engine.policy().ceilingOf(caller.role).readable.includes('patientProfile');

/** The decision was about the clinic that the request named: the patient must belong to it, and be visible. */
async function requirePatient(
  transaction: Transaction,
  tenantId: string,
  change: { patientId: string; clinicId: string },
): Promise<void> {
  const { rowCount } = await transaction.query(
    'SELECT FROM clinical.patients WHERE tenant_id = $1 AND id = $2 AND clinic_id = $3',
    [tenantId, change.patientId, change.clinicId],
  );
  if (rowCount !== 1) throw new EngineError('record-unknown');
}

async function decideAll<Result>(
  engine: EngineContext,
  caller: RequestCaller,
  change: Change<Result>,
): Promise<Permit> {
  const resource = {
    tenantId: caller.tenantId,
    clinicId: change.clinicId,
    patientRecordId: change.patientId,
  };
  const context = await readContext(engine, caller);
  for (const dataClass of change.alsoWrites ?? [])
    await decideOrRefuse(engine, caller, { ...change.subject, dataClass }, resource, context);
  for (const created of change.alsoCreates ?? [])
    await decideOrRefuse(
      engine,
      caller,
      { action: 'create', auditAction: 'record.created', ...created },
      resource,
      context,
    );
  const { changedFields } = change;
  return decideOrRefuse(engine, caller, change.subject, resource, { ...context, changedFields });
}

/** Encrypts a row's fields for their columns; absent fields stay NULL. */
export async function sealFields<Column extends string>(
  transaction: Transaction,
  target: { tenantId: string; table: string; rowId: string },
  key: PatientKey,
  fields: Readonly<Record<Column, string | null | undefined>>,
): Promise<Record<Column, Buffer | null>> {
  const columns = Object.keys(fields) as Column[];
  const filled = columns.filter((column) => typeof fields[column] === 'string');
  const cells = await encryptCells(
    transaction,
    filled.map((column) => ({
      place: { ...target, column },
      plaintext: fields[column] ?? '',
      key: key.key,
    })),
  );
  const sealed = new Map(filled.map((column, index) => [column, cells[index] ?? null]));
  return Object.fromEntries(columns.map((column) => [column, sealed.get(column) ?? null])) as Record<
    Column,
    Buffer | null
  >;
}
