import type { AuditEntry } from '../audit/entry.ts';
import type { RequestCaller } from '../caller/caller.ts';
import { decideOrRefuse, type Subject } from './decide.ts';
import type { EngineContext } from './engine-context.ts';
import { describeIntent, recordFailure } from './intent.ts';

/**
 * A write that is about no patient, whichever store it is in: decide, make the intent durable, then `write`, whose
 * transaction leaves the outcome's outbox row too. A change that fails is recorded as failed at once.
 * @throws EngineError `access-denied`, `audit-unavailable`; what `write` throws.
 */
export async function changeWithoutPatient<Result>(
  engine: EngineContext,
  caller: RequestCaller,
  { subject, clinicId }: { subject: Subject; clinicId: string | undefined },
  write: (intent: AuditEntry) => Promise<Result>,
): Promise<Result> {
  const permit = await decideOrRefuse(engine, caller, subject, { tenantId: caller.tenantId, clinicId });
  const intent = describeIntent(caller, subject, permit, { clinicId });
  await engine.audit.append([intent]);
  try {
    const result = await write(intent);
    engine.wakeRelay(caller.tenantId);
    return result;
  } catch (error) {
    await recordFailure(engine, intent);
    throw error;
  }
}
