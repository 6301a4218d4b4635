import type { DataClassId } from '@cordon/access-policy';
import type { RequestCaller } from '../../caller/caller.ts';
import type { AskedCall, GatewayParts, ReadyCall } from './call.ts';
import { checkRequest } from './steps/check-request.ts';
import { choosePurpose } from './steps/choose-purpose.ts';
import { chooseProvider } from './steps/choose-provider.ts';
import { decideUse } from './steps/decide-use.ts';
import { closeCall } from './steps/close-call.ts';
import { derivePseudonyms } from './steps/derive-pseudonyms.ts';
import { gatherPeople } from './steps/gather-people.ts';
import { openCall } from './steps/open-call.ts';
import { preparePrompt } from './steps/prepare-prompt.ts';
import { recordIntent, recordRefusal } from './steps/record-call.ts';
import { listStops } from './stops.ts';
import type { GatewayConfig } from './read-config.ts';
import { giveBack, type Reservation } from './usage.ts';

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
  let config = asked.config;
  try {
    config ??= await parts.readConfig();
    return await walkSteps(parts, config, caller, asked);
  } catch (error) {
    throw await recordRefusal(parts.engine, { asked, caller, config }, error);
  }
}

async function walkSteps(
  parts: GatewayParts,
  config: GatewayConfig,
  caller: RequestCaller,
  asked: AskedCall,
): Promise<ReadyCall> {
  const { engine } = parts;
  const file = config.policy.files.aiGateway;
  const purpose = choosePurpose(config, caller, asked);
  const dataClassIds = asked.dataClassIds ?? (purpose.allowedDataClasses as readonly DataClassId[]);
  const { permit, patient } = await decideUse(engine, config, caller, asked, dataClassIds);
  const checked = checkRequest(config.gateway, {
    purposeId: purpose.id,
    role: caller.role,
    dataClassIds,
    request: asked.request,
    ...(asked.dataClassIds !== undefined && { fromRecord: true }),
  });
  const provider = chooseProvider(config, purpose, asked);
  parts.findProvider(provider);
  const openedAt = Date.now();
  const reserved = await openCall(engine, file, {
    asked,
    checked,
    provider,
    tenantId: caller.tenantId,
    patientId: patient?.row.patient_id,
  });
  try {
    const people = patient === null ? undefined : await gatherPeople(parts, caller, asked, patient, permit);
    const derive = await derivePseudonyms(engine, caller, asked);
    const prepared = preparePrompt(config.gateway, checked, { known: people?.known ?? nobody, derive });
    parts.circuit.enter(provider.id);
    const recorded = await recordIntent(engine, {
      asked,
      caller,
      dataClassIds,
      permit,
      prepared,
      providerId: provider.id,
      clinicId: patient?.row.clinic_id,
      patientPseudonym: people?.pseudonym,
      config,
      with: people?.entries ?? [],
    });
    return {
      asked,
      caller,
      purpose,
      provider,
      prepared,
      ...recorded,
      openedAt,
      stops: listStops(caller.tenantId, purpose.id, provider.id),
      reserved,
      patient: patient === null ? null : { id: patient.row.patient_id, clinicId: patient.row.clinic_id },
    };
  } catch (error) {
    await giveBackQuietly(engine, reserved);
    throw error;
  }
}

const nobody: readonly never[] = [];

/** What is not given back counts until the day ends; that is no reason to say another reason than the first. */
async function giveBackQuietly(engine: GatewayParts['engine'], reserved: Reservation): Promise<void> {
  try {
    await closeCall(engine, reserved, giveBack(reserved));
  } catch (error) {
    engine.logger.warn('a refused call still counts', { component: 'ai-gateway', err: error });
  }
}
