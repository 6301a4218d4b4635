import type pg from 'pg';
import type { Catalog, Table } from './catalog/types.ts';
import type { CallerConfig, ProverConfig, Reach } from './config.ts';
import type { Driver } from './drivers/driver.ts';
import { subjectOf } from './drivers/words.ts';
import type { Record } from './report/outcome.ts';
import type { LevelMap } from './rows/levels.ts';
import type { Planter } from './rows/plant-rows.ts';
import { isWithin, type Place, type Row, type TableRows } from './rows/snapshot.ts';
import { home, type Scope } from './rows/world.ts';
import type { Rights } from './rights.ts';
import type { AttackSession, Target } from './session.ts';

/** All that an attack may use: the planted database, what it knows of it, and where it tells what it found. */
export interface Field {
  readonly config: ProverConfig;
  readonly catalog: Catalog;
  readonly levels: LevelMap;
  readonly planter: Planter;
  readonly rows: ReadonlyMap<string, TableRows>;
  readonly driver: Driver;
  readonly record: Record;
  readonly admin: pg.ClientBase;
  readonly target: Target;
}

/** One caller within its context on one session. */
export interface Stand {
  readonly field: Field;
  readonly session: AttackSession;
  readonly rights: Rights;
  readonly caller: CallerConfig;
}

export const nameOf = ({ session, caller }: Stand): string =>
  caller.name === session.role ? session.role : `${session.role} as ${caller.name}`;

/** A partition is what its root is. */
export function rootId(catalog: Catalog, table: Table): string {
  const parent = table.parent === null ? undefined : catalog.tables.find((each) => each.id === table.parent);
  return parent ? rootId(catalog, parent) : table.id;
}

/** Names may be `schema.table`, `schema.*` or `*`. */
const matches = (names: readonly string[], ...ids: string[]): boolean =>
  names.includes('*') || ids.some((id) => names.includes(id) || names.includes(id.replace(/\..*$/, '.*')));

/** The declaration of a table without a tenant, by its own name or its root's. */
export function declarationOf(
  { config, catalog }: Pick<Field, 'config' | 'catalog'>,
  table: Table,
): ProverConfig['withoutTenant'][number] | undefined {
  return config.withoutTenant.find((each) => matches([each.name], table.id, rootId(catalog, table)));
}

/** Whether a table's reach is declared for the role, instead of following its caller. */
export function isDeclaredFor(
  { config, catalog }: Pick<Field, 'config' | 'catalog'>,
  table: Table,
  loginRole: string,
): boolean {
  const root = rootId(catalog, table);
  return config.reaches.some(
    (each) => matches(each.tables, table.id, root) && each.loginRoles.includes(loginRole),
  );
}

/** Whose rows of a table the login role may read or write, in the caller's context or in none. */
export function reachOf(
  field: Pick<Field, 'config' | 'catalog'>,
  table: Table,
  loginRole: string,
  caller: CallerConfig | null,
): Reach {
  const { config, catalog } = field;
  const root = rootId(catalog, table);
  const open = declarationOf(field, table);
  if (open) return open.loginRoles.includes(loginRole) ? 'everything' : 'nothing';
  const exception = config.reaches.find(
    (each) =>
      matches(each.tables, table.id, root) &&
      each.loginRoles.includes(loginRole) &&
      (each.callers === undefined || (caller !== null && each.callers.includes(caller.name))) &&
      // Without a context only what is open to the role itself is open.
      (caller !== null || each.reach === 'everything'),
  );
  return exception?.reach ?? caller?.reach ?? 'nothing';
}

/** Exceptions widen what is read; who may write where follows the caller, unless the whole table is open to the role. */
export function writeReachOf(field: Field, table: Table, loginRole: string, caller: CallerConfig): Reach {
  const reach = reachOf(field, table, loginRole, caller);
  const widened = field.config.reaches.find(
    (each) =>
      matches(each.tables, table.id, rootId(field.catalog, table)) && each.loginRoles.includes(loginRole),
  );
  return widened && widened.writes !== true ? caller.reach : reach;
}

/** Whether the caller may meet the row: its reach, and the restriction of a record. */
function mayMeet(stand: Stand, table: Table, place: Place, scope: Scope = home): boolean {
  const { field, session, caller } = stand;
  const reach = reachOf(field, table, session.role, caller);
  const { restriction } = field.config;
  if (
    restriction &&
    reach === caller.reach &&
    place.patient === '112' &&
    table.id !== restriction.table &&
    !restriction.visibleTo.includes(caller.name)
  )
    return false;
  return isWithin(reach, place, scope);
}

/** The table's rows that the caller may meet, and those that it must not. */
export function divide(
  stand: Stand,
  { table, rows }: TableRows,
  scope: Scope = home,
): { own: Row[]; foreign: Row[] } {
  const own: Row[] = [];
  const foreign: Row[] = [];
  const { membership } = stand.field.config;
  const subject = subjectOf(stand.caller, scope);
  const isOwnMembership = (row: Row): boolean =>
    table.id === membership?.table && row.values.includes(subject);
  for (const row of rows)
    (isOwnMembership(row) || mayMeet(stand, table, row.place, scope) ? own : foreign).push(row);
  return { own, foreign };
}

/** Callers of a login role; the role itself, without a name of its own, where it has none. */
export function callersOf(config: ProverConfig, loginRole: string): CallerConfig[] {
  const own = config.callers.filter((caller) => caller.loginRoles.includes(loginRole));
  return own.length > 0 ? own : [{ name: loginRole, loginRoles: [loginRole], reach: 'nothing' }];
}

const breadth: readonly Reach[] = ['nothing', 'patient', 'clinic', 'tenant', 'everything'];
/** The caller of a login role that reaches furthest: what it cannot do, none of them can by another's context. */
export function widestCaller(config: ProverConfig, loginRole: string): CallerConfig {
  return callersOf(config, loginRole).reduce((one, other) =>
    breadth.indexOf(other.reach) > breadth.indexOf(one.reach) ? other : one,
  );
}

/** Enters the caller's context in the open transaction; answers why it could not. */
export async function enter(stand: Stand, scope: Scope = home): Promise<string | undefined> {
  for (const sql of stand.field.driver.enter(stand.session, stand.caller, scope)) {
    const answer = await stand.session.run(sql);
    if (!answer.ok) return `${answer.code}: ${answer.message}`;
  }
  return undefined;
}
