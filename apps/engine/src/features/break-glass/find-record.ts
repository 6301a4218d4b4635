import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { refuseUnknownRecord } from '../../pipeline/decide.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { nhsNumberTokens } from '../patients/index.ts';
import { breakGlassSubject } from './open-grant.ts';

export interface FoundRecord {
  readonly patientId: string;
  readonly clinicId: string;
}

interface PatientPlace {
  readonly id: string;
  readonly clinic_id: string;
}

/** A person has few records in one tenant; a number that more carry was typed wrongly somewhere. */
const mostRecords = 5;

/**
 * The clinic of a patient whom the caller cannot see yet. Asked as the tenant's own background work, after the policy has
 * permitted the emergency; a patient who is not there leaves a refusal.
 * @throws EngineError `record-unknown`
 */
export async function findRecord(
  engine: EngineContext,
  caller: RequestCaller,
  grantId: string,
  patientId: string,
): Promise<FoundRecord> {
  const { rows } = await engine.stores.withTenantJob(caller.tenantId, (transaction) =>
    transaction.query<PatientPlace>(
      'SELECT id, clinic_id FROM clinical.patients WHERE tenant_id = $1 AND id = $2',
      [caller.tenantId, patientId],
    ),
  );
  const [found] = rows;
  return found === undefined
    ? refuseUnknownRecord(engine, caller, breakGlassSubject(grantId))
    : { patientId, clinicId: found.clinic_id };
}

/**
 * The records with this NHS number that are closed to the caller: exactly this number, and after the policy has permitted the
 * emergency. Nobody learns of a record without opening it, which its clinic is told and reviews.
 * @throws EngineError `record-unknown` where none has it; `record-open` where the caller sees those that have it.
 */
export async function findByNhsNumber(
  engine: EngineContext,
  caller: RequestCaller,
  grantId: string,
  nhsNumber: string,
): Promise<readonly FoundRecord[]> {
  const { tenantId } = caller;
  const tokens = await nhsNumberTokens(engine, tenantId, nhsNumber);
  const { rows } = await engine.stores.withTenantJob(tenantId, (transaction) =>
    transaction.query<PatientPlace>(
      `SELECT DISTINCT p.id, p.clinic_id FROM clinical.patient_search_tokens t
       JOIN clinical.patients p ON p.tenant_id = t.tenant_id AND p.id = t.patient_id
       WHERE t.tenant_id = $1 AND t.token = ANY ($2::bytea[]) ORDER BY p.id LIMIT $3`,
      [tenantId, tokens, mostRecords],
    ),
  );
  if (rows.length === 0) return refuseUnknownRecord(engine, caller, breakGlassSubject(grantId));
  const seen = await engine.stores
    .readAs(caller)
    .query<{ id: string }>(
      'SELECT id FROM clinical.patients WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
      [tenantId, rows.map(({ id }) => id)],
    );
  const open = new Set(seen.rows.map(({ id }) => id));
  const closed = rows.filter(({ id }) => !open.has(id));
  if (closed.length === 0) throw new EngineError('record-open');
  return closed.map(({ id, clinic_id: clinicId }) => ({ patientId: id, clinicId }));
}
