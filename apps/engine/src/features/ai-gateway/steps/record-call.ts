import { hash, randomUUID } from 'node:crypto';
import type { DataClassId, Permit } from '@cordon/access-policy';
import { AiGatewayError, type PreparedCall } from '@cordon/ai-gateway';
import { isPublicError } from '@cordon/service';
import { describeCaller } from '../../../audit/describe.ts';
import type { AuditEntry, EngineReason } from '../../../audit/entry.ts';
import type { AuditReceipt } from '../../../audit/receipt.ts';
import type { RequestCaller } from '../../../caller/caller.ts';
import { EngineError } from '../../../error.ts';
import type { EngineContext } from '../../../pipeline/engine-context.ts';
import type { AskedCall } from '../call.ts';
import type { GatewayConfig } from '../read-config.ts';

interface Described {
  readonly asked: AskedCall;
  readonly caller: RequestCaller;
  /** By which the call goes; none where it could not be taken up. */
  readonly config: GatewayConfig | undefined;
}

function describe({ asked, caller, config }: Described) {
  const [clinicId, ...others] = caller.clinicIds;
  return {
    ...describeCaller(caller),
    action: 'ai.called',
    resourceType: 'AiCall',
    resourceId: asked.id,
    dataClassIds: asked.dataClassIds ?? [],
    clinicId: others.length === 0 ? clinicId : undefined,
    // What somebody made up has no place in the log.
    purposeId: config?.gateway.purposes.has(asked.purposeId) === true ? asked.purposeId : undefined,
  } as const;
}

/** The hash of what is sent: who has the text can show that it was this, and nobody learns it from the log. */
export function hashPrompt({ systemText, messages, tools }: PreparedCall): string {
  return `sha256.${hash('sha256', JSON.stringify([systemText, messages, tools]))}`;
}

/** Before anything is sent. @throws EngineError `audit-unavailable`: then nothing is */
export async function recordIntent(
  engine: EngineContext,
  about: Described & {
    readonly permit: Permit;
    readonly prepared: PreparedCall;
    readonly providerId: string;
    readonly dataClassIds: readonly DataClassId[];
    /** Of the patient, where there is one. */
    readonly clinicId: string | undefined;
    readonly patientPseudonym: string | undefined;
    /** Durable with the intent, in one commit. */
    readonly with: readonly AuditEntry[];
  },
): Promise<{ intent: AuditEntry; receipt: AuditReceipt }> {
  const described = describe(about);
  const intent = keepFields(about.config, {
    ...described,
    dataClassIds: about.dataClassIds,
    clinicId: about.clinicId ?? described.clinicId,
    patientPseudonym: about.patientPseudonym,
    providerId: about.providerId,
    purpose: hashPrompt(about.prepared),
    decision: 'permit',
    reasonCode: about.permit.reason,
    outcome: 'intent',
  });
  return { intent, receipt: await engine.audit.append([...about.with, intent]) };
}

/** What the configuration does not list is left out; who, what and when stay, for without them it would be no entry. */
function keepFields(config: GatewayConfig | undefined, entry: AuditEntry): AuditEntry {
  if (config === undefined) return entry;
  const kept = new Set<string>(config.policy.files.aiGateway.audit.logFields);
  return {
    ...entry,
    ...(kept.has('clinicId') ? {} : { clinicId: undefined }),
    ...(kept.has('purposeId') ? {} : { purposeId: undefined }),
    ...(kept.has('providerId') ? {} : { providerId: undefined }),
    ...(kept.has('dataClassIds') ? {} : { dataClassIds: [] }),
    ...(kept.has('anonymisedSessionId') ? {} : { actorSession: undefined }),
  };
}

/** Each further attempt of a call has its entry before it is made. @throws EngineError `audit-unavailable`: then it is not */
export async function recordRetry(engine: EngineContext, intent: AuditEntry, attempt: number): Promise<void> {
  await engine.audit.append([
    {
      ...intent,
      id: randomUUID(),
      action: 'ai.retried',
      reasonCode: 'ai-provider-failed',
      outcome: 'none',
      recordCount: attempt,
    },
  ]);
}

/** @throws EngineError `audit-unavailable` */
export async function recordOutcome(
  engine: EngineContext,
  intent: AuditEntry,
  failure?: EngineReason,
): Promise<void> {
  await engine.audit.append([
    {
      ...intent,
      id: randomUUID(),
      intentId: intent.id,
      outcome: failure === undefined ? 'success' : 'failure',
      ...(failure === undefined ? {} : { reasonCode: failure }),
    },
  ]);
}

/**
 * A call that was refused before anything was sent.
 * @returns what the caller is told
 * @throws EngineError `audit-unavailable`, which is then the refusal
 */
export async function recordRefusal(engine: EngineContext, about: Described, error: unknown): Promise<Error> {
  // What nobody foresaw is a check that did not run to its end.
  const told = isPublicError(error)
    ? error
    : new AiGatewayError('ai-check-failed', undefined, { cause: error });
  // The policy's own refusals have their entry already.
  if (told instanceof EngineError && told.code === 'access-denied') return told;
  await engine.audit.append([
    keepFields(about.config, {
      ...describe(about),
      decision: 'deny',
      reasonCode: reasonOf(told),
      outcome: 'none',
    }),
  ]);
  return told;
}

const engineReasons = ['record-destroyed', 'keys-unavailable', 'records-unavailable'] as const;

/** Why a call ended, as the log takes it: a code of its closed list, never a message. */
export function reasonOf(error: unknown): EngineReason {
  if (error instanceof AiGatewayError) return error.code;
  const code = error instanceof EngineError ? error.code : undefined;
  // What was amended is there no more as what it was asked for.
  if (code === 'record-unknown' || code === 'record-changed') return 'no-such-record';
  return engineReasons.find((reason) => reason === code) ?? 'ai-check-failed';
}
