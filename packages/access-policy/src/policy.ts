import { checkFiles, type ExpectedIds } from './check-files.ts';
import type { RawFiles } from './check-references.ts';
import type { PolicyFiles } from './check-shape.ts';
import { decideCell } from './decide-cell.ts';
import type { Decision } from './decision.ts';
import { explainCell, type Explanation } from './explain.ts';
import {
  DATA_CLASS_IDS,
  PUBLIC_ROLE_ID,
  ROLE_IDS,
  type Action,
  type DataClassId,
  type RoleId,
} from './ids.ts';
import type { Caller, DecisionContext, Resource } from './question.ts';
import { ceilingOfRole, compileTable, findCell, type RoleCeiling } from './table.ts';

/** Three files, compiled. Immutable: a changed file makes a new policy. */
export interface Policy<R extends string = RoleId, D extends string = DataClassId> {
  readonly files: PolicyFiles;
  /**
   * Whether the caller may do this to this record. Denies whatever no rule grants. Pure: no clock, no I/O, no
   * state; the same question has the same answer, and answers are shared, frozen objects.
   */
  readonly decide: (
    caller: Caller<R>,
    action: Action,
    dataClass: D,
    resource: Resource,
    context?: DecisionContext,
  ) => Decision;
  /** Data classes that the role can read or write in some relation; empty for a role that nobody declared. */
  readonly ceilingOf: (role: R) => RoleCeiling<D>;
  /** The decision together with every check that ran. */
  readonly explain: (
    caller: Caller<R>,
    action: Action,
    dataClass: D,
    resource: Resource,
    context?: DecisionContext,
  ) => Explanation;
}

/** What Cordon's own code relies on. */
export const CORDON_IDS: ExpectedIds = {
  roles: [...ROLE_IDS, PUBLIC_ROLE_ID],
  dataClasses: DATA_CLASS_IDS,
};
const NO_CONTEXT: DecisionContext = Object.freeze({});
const NOTHING: RoleCeiling<never> = Object.freeze({
  readable: Object.freeze([]),
  writable: Object.freeze([]),
});

/**
 * Checks and compiles the parsed JSON of the three files.
 * @param expected ids that must be declared; those of Cordon by default, your own when used elsewhere
 * @throws {AccessPolicyError} `policy-files-invalid`, naming every problem at once
 */
export function compilePolicy<R extends string = RoleId, D extends string = DataClassId>(
  raw: RawFiles,
  expected: ExpectedIds = CORDON_IDS,
): Policy<R, D> {
  return compileFiles<R, D>(checkFiles(raw, expected));
}

export function compileFiles<R extends string, D extends string>(files: PolicyFiles): Policy<R, D> {
  const table = compileTable(files);
  const decide: Policy<R, D>['decide'] = (caller, action, dataClass, resource, context = NO_CONTEXT) => {
    const cell = findCell(table, caller.role, action, dataClass);
    return 'decision' in cell ? cell : decideCell(cell, caller, resource, context);
  };
  const explain: Policy<R, D>['explain'] = (caller, action, dataClass, resource, context = NO_CONTEXT) => {
    const cell = findCell(table, caller.role, action, dataClass);
    return 'decision' in cell ? { decision: cell, checks: [] } : explainCell(cell, caller, resource, context);
  };
  const ceilings = new Map(files.retentionAndAccess.roles.map(({ id }) => [id, ceilingOfRole<D>(table, id)]));
  const ceilingOf: Policy<R, D>['ceilingOf'] = (role) => ceilings.get(role) ?? NOTHING;
  return Object.freeze({ files: freezeDeep(files), decide, explain, ceilingOf });
}

function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freezeDeep(part);
  }
  return value;
}
