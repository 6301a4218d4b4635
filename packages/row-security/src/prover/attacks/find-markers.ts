import { subjectOf } from '../drivers/words.ts';
import { divide, type Stand } from '../field.ts';
import { home, idOf, levels } from '../rows/world.ts';

const token =
  /mark-t\d+-\d+-\w+-\w+|probe-\w+-\d+|\b7[123]\d{1,3}\b|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Values that stand in rows which the caller must not meet, and in no other. */
export type Markers = ReadonlySet<string>;

/** Short values (a state, a flag) tell nothing; long ones and those that the prover made tell whose row it was. */
const tells = (value: string): boolean => value.length >= 16 || value.match(token)?.[0] === value;

export function foreignMarkers(stand: Stand): Markers {
  const foreign = new Set<string>();
  const own = new Set<string>();
  for (const found of stand.field.rows.values()) {
    const divided = divide(stand, found);
    for (const [set, rows] of [
      [foreign, divided.foreign],
      [own, divided.own],
    ] as const)
      for (const row of rows)
        for (const value of row.values) if (value !== null) for (const each of tokensOf(value)) set.add(each);
  }
  // Its own context names these to it, whatever it may read.
  for (const level of levels) own.add(idOf(level, home, stand.field.levels.typeOf(level)));
  for (const each of [subjectOf(stand.caller, home), stand.caller.role ?? '']) own.add(each);
  return foreign.difference(own);
}

function tokensOf(value: string): string[] {
  return [...(tells(value) ? [value] : []), ...(value.match(token) ?? [])];
}

/** How many of the shown values belong to others; what the attacker itself said does not count. */
export function countMarkers(
  shown: readonly (readonly (string | null)[])[],
  markers: Markers,
  said = '',
): number {
  let found = 0;
  for (const row of shown)
    for (const value of row)
      if (value !== null && tokensOf(value).some((each) => markers.has(each) && !said.includes(each)))
        found += 1;
  return found;
}
