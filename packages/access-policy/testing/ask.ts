import type { Action, DataClassId, RoleId } from '../src/ids.ts';
import { compilePolicy } from '../src/policy.ts';
import type { Caller, DecisionContext, Resource } from '../src/question.ts';
import { readShippedFiles } from './shipped-files.ts';

/** The policy of the shipped files. */
export const policy = compilePolicy(readShippedFiles());

export const caller = (role: RoleId, more: Partial<Caller> = {}): Caller => ({
  tenantId: 't1',
  clinicIds: ['c1'],
  role,
  subject: 's1',
  factorAgeSeconds: 10,
  ...(role === 'role.patient' ? { patientRecordId: 'p1' } : {}),
  ...more,
});
export const record = (more: Partial<Resource> = {}): Resource => ({
  tenantId: 't1',
  clinicId: 'c1',
  patientRecordId: 'p1',
  ...more,
});
export const outcome = (
  asker: Caller,
  action: Action,
  dataClass: DataClassId,
  resource: Resource = record(),
  context: DecisionContext = {},
): string => {
  const decision = policy.decide(asker, action, dataClass, resource, context);
  return `${decision.decision} ${decision.reason}`;
};
