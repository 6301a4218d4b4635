import type { Cell, Permits } from './cell.ts';
import { CHECKS, isMember, isSame, isSet, opensGlass } from './checks.ts';
import { DENIALS } from './denials.ts';
import type { Decision, Permit } from './decision.ts';
import type { Caller, DecisionContext, Resource } from './question.ts';

/** Asks every check in order; the first refusal decides, and only a question that passed all is permitted. */
export function decideCell(
  cell: Cell,
  caller: Caller<string>,
  resource: Resource,
  context: DecisionContext,
): Decision {
  // Also the first check; said here so that no change to the list of checks can ever reorder it.
  if (cell.restrictedBy !== null) return cell.restrictedBy;
  if (cell.permits === null) return DENIALS['no-grant'];
  for (const check of CHECKS) {
    const reason = check.run(cell, caller, resource, context);
    if (reason !== null) return DENIALS[reason];
  }
  const byPurpose = caller.purpose === undefined ? undefined : cell.purposes.get(caller.purpose);
  return choosePermit(cell, byPurpose?.permits ?? cell.permits, caller, resource, context);
}

/** Which permit: the narrowest that is true, so that the audit entry says on what ground a record was opened. */
function choosePermit(
  cell: Cell,
  permits: Permits,
  caller: Caller<string>,
  resource: Resource,
  context: DecisionContext,
): Permit {
  if (cell.clinicSwitch === 'ciphertext' && !isSame(context.activeClinicId, resource.clinicId)) {
    return permits.ciphertextOnly;
  }
  if (cell.scope === 'own') return permits.ownRecord;
  if (cell.breakGlassMaxMs === null || !opensGlass(cell, caller, resource, context)) return permits.granted;
  const ordinary = resource.clinicId === undefined || isMember(caller, resource.clinicId);
  return ordinary && !isSet(resource.restricted) ? permits.granted : permits.breakGlass;
}
