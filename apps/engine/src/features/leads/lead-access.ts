import type { Permit, Resource } from '@cordon/access-policy';
import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import {
  decideFor,
  decideOrRefuse,
  describeRequest,
  readContext,
  type Subject,
} from '../../pipeline/decide.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import type { LeadRow } from './lead-rows.ts';

export function leadSubject(
  action: Subject['action'],
  auditAction: Subject['auditAction'],
  resourceId?: string,
): Subject {
  return { action, dataClass: 'marketingLead', auditAction, resourceType: 'Lead', resourceId };
}

const resourceOf = (caller: RequestCaller, clinicId: string | null): Resource => ({
  tenantId: caller.tenantId,
  clinicId: clinicId ?? undefined,
});

/** The rows that the policy opens to the caller, once an entry says for how many. */
export async function permitLeads(
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject,
  rows: readonly LeadRow[],
): Promise<readonly LeadRow[]> {
  const context = await readContext(engine, caller);
  const permitted = rows.filter(
    (row) =>
      decideFor(engine, caller, subject, resourceOf(caller, row.clinic_id), context).decision === 'permit',
  );
  const missing = subject.resourceId !== undefined && permitted.length === 0;
  await engine.audit.append([
    {
      ...describeRequest(caller, subject),
      decision: missing ? 'deny' : 'permit',
      reasonCode: missing ? 'no-such-record' : 'granted',
      outcome: 'none',
      recordCount: permitted.length,
    },
  ]);
  if (missing) throw new EngineError('record-unknown');
  return permitted;
}

/** Asks the policy before anything is looked for. */
export const decideLeads = (
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject,
  clinicId: string | null = caller.clinicIds[0] ?? null,
): Promise<Permit> => decideOrRefuse(engine, caller, subject, resourceOf(caller, clinicId));
