import type { Cell } from './cell.ts';
import type { PolicyFiles } from './check-shape.ts';
import { compileCell } from './compile-cell.ts';
import type { Deny } from './decision.ts';
import { DENIALS } from './denials.ts';
import { ACTIONS, WRITE_ACTIONS, type Action, type DataClassId } from './ids.ts';

/** Role → action → data class. Maps, not objects: a role named `constructor` finds nothing. */
export type Table = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, Cell>>>;

export function compileTable(files: PolicyFiles): Table {
  return new Map(
    files.retentionAndAccess.roles.map((role, roleIndex) => [
      role.id,
      new Map(
        ACTIONS.map((action) => [
          action,
          new Map(
            files.dataClasses.dataClasses.map((dataClass) => [
              dataClass.id,
              compileCell(files, roleIndex, role, action, dataClass),
            ]),
          ),
        ]),
      ),
    ]),
  );
}

export function findCell(table: Table, role: string, action: string, dataClass: string): Cell | Deny {
  const actions = table.get(role);
  if (actions === undefined) return DENIALS['unknown-role'];
  const classes = actions.get(action);
  if (classes === undefined) return DENIALS['unknown-action'];
  return classes.get(dataClass) ?? DENIALS['unknown-data-class'];
}

/** What a role may reach at all, in some relation: the ceiling that a sealed database context carries. */
export interface RoleCeiling<D extends string = DataClassId> {
  readonly readable: readonly D[];
  readonly writable: readonly D[];
}

/** Acknowledging changes the row, so it counts as writing; opening a view of rows counts as reading. */
export function ceilingOfRole<D extends string>(table: Table, role: string): RoleCeiling<D> {
  return Object.freeze({
    readable: classesFor(table, role, ['list', 'read']) as readonly D[],
    writable: classesFor(table, role, [...WRITE_ACTIONS, 'acknowledge']) as readonly D[],
  });
}

function classesFor(table: Table, role: string, actions: readonly Action[]): readonly string[] {
  const reached = new Set<string>();
  for (const action of actions) {
    for (const [id, cell] of table.get(role)?.get(action) ?? []) {
      if (cell.restrictedBy === null && cell.permits !== null) reached.add(id);
    }
  }
  return Object.freeze([...reached]);
}
