import type { DataClassId } from '@cordon/access-policy';
import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import type { AskedCall, GatewayParts, ReadyCall } from './call.ts';
import { choosePurpose } from './steps/choose-purpose.ts';
import { chooseProvider } from './steps/choose-provider.ts';
import { decideUse } from './steps/decide-use.ts';
import { derivePseudonyms } from './steps/derive-pseudonyms.ts';
import { gatherPeople } from './steps/gather-people.ts';
import { preparePrompt } from './steps/prepare-prompt.ts';
import { recordIntent, recordRefusal } from './steps/record-call.ts';
import { requireConsent } from './steps/require-consent.ts';
import { refuseStopped, type Stop } from './stops.ts';
import { checkConversation } from './transcripts/patient-transcript.ts';
import { reserveUsage } from './usage.ts';

/**
 * Everything that stands between a request and a provider, in its order. A step that throws ends the call; the refusal is audited,
 * and where it cannot be, that is the refusal.
 * @throws AiGatewayError, EngineError with the first reason against it
 */
export async function prepareCall(
  parts: GatewayParts,
  caller: RequestCaller,
  asked: AskedCall,
): Promise<ReadyCall> {
  try {
    return await walkSteps(parts, caller, asked);
  } catch (error) {
    // The policy's own refusals have their entry already.
    if (!(error instanceof EngineError && error.code === 'access-denied'))
      await recordRefusal(parts.engine, asked, caller, error);
    throw error;
  }
}

async function walkSteps(parts: GatewayParts, caller: RequestCaller, asked: AskedCall): Promise<ReadyCall> {
  const { engine } = parts;
  const config = await parts.readConfig();
  const purpose = choosePurpose(config, caller, asked);
  const dataClassIds = asked.dataClassIds ?? (purpose.allowedDataClasses as readonly DataClassId[]);
  const { permit, patient } = await decideUse(engine, caller, asked, dataClassIds);
  if (patient !== null) {
    await requireConsent(engine, caller.tenantId, purpose, patient.row.patient_id);
    await checkConversation(engine, caller.tenantId, asked, patient.row.patient_id);
  }
  const people = patient === null ? undefined : await gatherPeople(engine, caller, asked, patient, permit);
  const derive = await derivePseudonyms(engine, caller, asked);
  const prepared = preparePrompt(
    config.gateway,
    { purposeId: purpose.id, role: caller.role, dataClassIds, request: asked.request },
    { known: people?.known ?? [], derive },
  );
  const provider = chooseProvider(config, purpose, asked);
  const stops: readonly Stop[] = [
    { kind: 'tenant', target: caller.tenantId },
    { kind: 'purpose', target: purpose.id },
    { kind: 'provider', target: provider.id },
  ];
  await refuseStopped(engine, stops);
  parts.findProvider(provider);
  parts.circuit.enter(provider.id);
  const reserved = await reserveUsage(engine, config.policy.files.aiGateway, provider, {
    tenantId: caller.tenantId,
    purposeId: purpose.id,
    prepared,
  });
  const recorded = await recordIntent(engine, {
    asked,
    caller,
    dataClassIds,
    permit,
    prepared,
    providerId: provider.id,
    clinicId: patient?.row.clinic_id,
    patientPseudonym: people?.pseudonym,
    logFields: config.policy.files.aiGateway.audit.logFields,
  });
  return {
    asked,
    caller,
    purpose,
    provider,
    prepared,
    ...recorded,
    stops,
    reserved,
    patient: patient === null ? null : { id: patient.row.patient_id, clinicId: patient.row.clinic_id },
  };
}
