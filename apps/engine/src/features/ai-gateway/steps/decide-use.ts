import type { DataClassId, Permit, PolicyFiles } from '@cordon/access-policy';
import { AiGatewayError } from '@cordon/ai-gateway';
import type { RequestCaller } from '../../../caller/caller.ts';
import { EngineError } from '../../../error.ts';
import { decideOrRefuse, type Subject } from '../../../pipeline/decide.ts';
import type { EngineContext } from '../../../pipeline/engine-context.ts';
import { findPatientAndPlace, type PatientRow } from '../../patients/index.ts';
import type { AskedCall } from '../call.ts';
import type { GatewayConfig } from '../read-config.ts';

/** The patient whom a call is about, as row security shows the row to the caller. */
export interface FoundPatient {
  readonly row: PatientRow;
  readonly restricted: boolean;
  /** Of the clinic and its group, as codes: there are no other names of them in the store. */
  readonly places: readonly string[];
}

export const useSubject = (asked: AskedCall, dataClass: DataClassId): Subject => ({
  action: 'use-in-ai',
  dataClass,
  auditAction: 'ai.called',
  resourceType: 'AiCall',
  resourceId: asked.id,
  purposeId: asked.purposeId,
});

/** Whether any of the classes is about patients: then the call names one. */
export function needsPatient(files: PolicyFiles, dataClassIds: readonly string[]): boolean {
  return files.dataClasses.dataClasses.some(
    ({ id, containsPHI }) => containsPHI && dataClassIds.includes(id),
  );
}

/**
 * Asks the access policy whether the caller may hand data of these classes to a model for the purpose. Row security has said
 * before whether the patient is there for the caller at all.
 * @returns the permit, and the patient; null for a purpose without patients
 * @throws EngineError `access-denied`, `record-unknown`; AiGatewayError `ai-patient-missing`
 */
export async function decideUse(
  engine: EngineContext,
  { policy }: GatewayConfig,
  caller: RequestCaller,
  asked: AskedCall,
  dataClassIds: readonly DataClassId[],
): Promise<{ permit: Permit; patient: FoundPatient | null }> {
  const aboutPatient = needsPatient(policy.files, dataClassIds);
  const patientId = asked.patientId ?? caller.patientRecordId;
  if (aboutPatient && patientId === undefined) throw new AiGatewayError('ai-patient-missing');
  const patient =
    aboutPatient && patientId !== undefined ? await findOpenPatient(engine, caller, patientId) : null;
  const resource = {
    tenantId: caller.tenantId,
    clinicId: patient?.row.clinic_id ?? caller.clinicIds[0],
    patientRecordId: patient?.row.patient_id ?? patientId,
    restricted: patient?.restricted,
  };
  let permit: Permit | undefined;
  for (const dataClass of dataClassIds)
    permit = await decideOrRefuse(engine, caller, useSubject(asked, dataClass), resource);
  if (permit === undefined) throw new AiGatewayError('ai-data-class-not-allowed');
  // Asked after the policy, so that who may use no purpose is not told who is a patient.
  if (aboutPatient && patient === null) throw new EngineError('record-unknown');
  return { permit, patient };
}

async function findOpenPatient(
  engine: EngineContext,
  caller: RequestCaller,
  patientId: string,
): Promise<FoundPatient | null> {
  const row = await findPatientAndPlace(engine.stores.readAs(caller), caller.tenantId, patientId);
  if (row === undefined) return null;
  const places = [row.clinic_slug, row.tenant_slug].filter((slug) => slug !== null);
  return {
    row,
    // Where the clinic is not known, what it is called is not either: the text could not be searched for it.
    restricted: row.emergency === true || row.restricted || places.length < 2,
    places,
  };
}
