import type { Cell } from './cell.ts';
import { CHECKS, opensGlass } from './checks.ts';
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
  if (cell.restrictedBy !== null) return cell.restrictedBy;
  if (cell.permits === null) return DENIALS['no-grant'];
  for (const check of CHECKS) {
    const reason = check.run(cell, caller, resource, context);
    if (reason !== null) return DENIALS[reason];
  }
  return choosePermit(cell, cell.permits, caller, resource, context);
}

/** Which permit: the narrowest that is true, so that the audit entry says on what ground a record was opened. */
function choosePermit(
  cell: Cell,
  permits: NonNullable<Cell['permits']>,
  caller: Caller<string>,
  resource: Resource,
  context: DecisionContext,
): Permit {
  if (cell.clinicSwitch === 'ciphertext' && !isActiveClinic(resource, context)) return permits.ciphertextOnly;
  if (cell.scope === 'own') return permits.ownRecord;
  if (cell.breakGlassMaxMs === null || !opensGlass(cell, caller, resource, context)) return permits.granted;
  const ordinary = resource.restricted !== true && isMember(caller, resource);
  return ordinary ? permits.granted : permits.breakGlass;
}

function isActiveClinic(resource: Resource, context: DecisionContext): boolean {
  return (
    resource.clinicId !== undefined &&
    resource.clinicId !== '' &&
    resource.clinicId === context.activeClinicId
  );
}

function isMember(caller: Caller<string>, resource: Resource): boolean {
  return resource.clinicId === undefined || caller.clinicIds.includes(resource.clinicId);
}
