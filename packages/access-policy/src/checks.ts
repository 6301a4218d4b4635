import type { Cell } from './cell.ts';
import type { BreakGlassGrant, Caller, DecisionContext, Resource } from './question.ts';
import type { DenyReason } from './reason-codes.ts';

type Asker = Caller<string>;
type CheckFunction = (
  cell: Cell,
  caller: Asker,
  resource: Resource,
  context: DecisionContext,
) => DenyReason | null;

export interface Check {
  readonly name: string;
  readonly asks: string;
  readonly run: CheckFunction;
}

/**
 * The policy, in the order in which it is asked. `restricted` stands first and nothing after it can undo it; a
 * check answers with the reason of its refusal or null, and never permits by itself.
 */
export const CHECKS: readonly Check[] = [
  { name: 'restricted', asks: "Does the role's `restricted` list leave this alone?", run: checkRestricted },
  { name: 'grant', asks: 'Does a permission, capability or purpose grant this?', run: checkGrant },
  { name: 'purpose', asks: 'Does the purpose allow this role, class and action?', run: checkPurpose },
  { name: 'same-tenant', asks: "Is the record of the caller's tenant?", run: checkTenant },
  { name: 'scope', asks: "Is the record the patient's own, or of a clinic of the caller?", run: checkScope },
  {
    name: 'clinic-switch',
    asks: 'Has the caller switched into the clinic, where keys need it?',
    run: checkClinicSwitch,
  },
  {
    name: 'record-restriction',
    asks: 'Is the record free of restriction for this role?',
    run: checkRestriction,
  },
  { name: 'legal-hold', asks: 'Does no legal hold stand against it?', run: checkLegalHold },
  { name: 'fields', asks: "Are all changed fields the role's to change?", run: checkFields },
  { name: 'fresh-factor', asks: 'Was a factor shown recently enough?', run: checkFactor },
];

function checkRestricted(cell: Cell): DenyReason | null {
  return cell.restrictedBy === null ? null : 'role-restricted';
}

function checkGrant(cell: Cell): DenyReason | null {
  return cell.permits === null ? 'no-grant' : null;
}

function checkPurpose(cell: Cell, caller: Asker): DenyReason | null {
  if (caller.purpose === undefined) return cell.action === 'use-in-ai' ? 'purpose-required' : null;
  const outcome = cell.purposes.get(caller.purpose);
  return outcome === undefined ? 'unknown-purpose' : outcome.refusal;
}

function checkTenant(_cell: Cell, caller: Asker, resource: Resource): DenyReason | null {
  return isSame(caller.tenantId, resource.tenantId) ? null : 'other-tenant';
}

function checkScope(
  cell: Cell,
  caller: Asker,
  resource: Resource,
  context: DecisionContext,
): DenyReason | null {
  if (cell.needsPatient && !isNamed(resource.patientRecordId)) return 'patient-not-named';
  if (cell.scope === 'own') {
    return isSame(caller.patientRecordId, resource.patientRecordId) ? null : 'not-own-record';
  }
  const emptyClinic = resource.clinicId === '';
  if (!isNamed(resource.clinicId)) {
    if (cell.needsClinic) return 'clinic-not-named';
    // A clinic that is given and empty is a mistake of the asker's, not a record without a clinic.
    if (emptyClinic && cell.scope === 'clinic') return 'not-a-clinic-member';
    // Somebody without any membership left is a member of nothing, also not of the tenant's common records.
    return cell.scope === 'clinic' && caller.clinicIds.length === 0 ? 'not-a-clinic-member' : null;
  }
  if (cell.scope === 'tenant' || isMember(caller, resource.clinicId)) return null;
  return opensGlass(cell, caller, resource, context) ? null : 'not-a-clinic-member';
}

function checkClinicSwitch(
  cell: Cell,
  _caller: Asker,
  resource: Resource,
  context: DecisionContext,
): DenyReason | null {
  if (cell.clinicSwitch !== 'required') return null;
  return isSame(context.activeClinicId, resource.clinicId) ? null : 'clinic-switch-required';
}

function checkRestriction(
  cell: Cell,
  caller: Asker,
  resource: Resource,
  context: DecisionContext,
): DenyReason | null {
  if (!isSet(resource.restricted) || cell.allowedUnderRestriction) return null;
  return opensGlass(cell, caller, resource, context) ? null : 'record-restricted';
}

function checkLegalHold(cell: Cell, _caller: Asker, resource: Resource): DenyReason | null {
  return cell.action === 'delete' && isSet(resource.legalHold) ? 'legal-hold' : null;
}

function checkFields(
  cell: Cell,
  _caller: Asker,
  _resource: Resource,
  context: DecisionContext,
): DenyReason | null {
  const { fields } = cell;
  if (fields === null || context.changedFields === undefined) return null;
  return context.changedFields.every((field) => fields.has(field)) ? null : 'field-not-permitted';
}

function checkFactor(cell: Cell, caller: Asker): DenyReason | null {
  if (cell.freshFactorMaxSeconds === null) return null;
  const age = caller.factorAgeSeconds;
  // Written so that NaN and an age from the future are refused.
  return age !== undefined && age >= 0 && age <= cell.freshFactorMaxSeconds ? null : 'fresh-factor-required';
}

/** A list only: `includes` of a string would find a clinic in a part of another's id. */
export function isMember(caller: Asker, clinicId: string): boolean {
  return Array.isArray(caller.clinicIds) && caller.clinicIds.includes(clinicId);
}

/** Whether the emergency grant opens this very record to this very caller at this moment. */
export function opensGlass(cell: Cell, caller: Asker, resource: Resource, context: DecisionContext): boolean {
  const grant = context.breakGlass;
  if (grant === undefined || cell.breakGlassMaxMs === null || context.now === undefined) return false;
  return (
    isSame(grant.tenantId, caller.tenantId) &&
    isSame(grant.subject, caller.subject) &&
    isSame(grant.patientRecordId, resource.patientRecordId) &&
    isRunning(grant, context.now, cell.breakGlassMaxMs)
  );
}

/** A grant whose own expiry is later than the file's limit ends at the limit. NaN makes every comparison false. */
function isRunning(grant: BreakGlassGrant, now: number, maxMs: number): boolean {
  return now >= grant.grantedAt && now < grant.expiresAt && now < grant.grantedAt + maxMs;
}

/** Equal and not empty: two absent or empty ids are not the same record. */
export function isSame(one: string | undefined, other: string | undefined): boolean {
  return isNamed(one) && one === other;
}

function isNamed(id: string | undefined): id is string {
  return typeof id === 'string' && id !== '';
}

/** A flag counts as set unless it is plainly false or absent, so that a stray value errs towards refusal. */
export function isSet(flag: unknown): boolean {
  return flag !== undefined && flag !== false;
}
