import { placeColumn, type PagePlace } from '../server/page-cursor.ts';
import { composeStatement } from '../stores/compose-statement.ts';
import { emergencyColumn } from '../pipeline/find-grants.ts';
import { patientColumnOf, sealedColumns, type RecordKind } from './record-kind.ts';

/** What a list is asked for; what is undefined narrows nothing. */
export interface ListPage {
  readonly clinicId: string | undefined;
  readonly patientId: string | undefined;
  /** Inclusive, and exclusive. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly after: PagePlace | null;
  /** Rows at most. */
  readonly limit: number;
}

/** The statements of one kind of record, written once when its routes are made; values are parameters throughout. */
export interface Statements {
  /** tenant, record */
  readonly find: string;
  readonly list: (tenantId: string, page: ListPage) => { readonly text: string; readonly values: unknown[] };
  /** tenant, record: ids and version, to know what a change is about. */
  readonly locate: string;
  /** tenant, record, version: the whole row, locked. */
  readonly lock: string;
  /** tenant, record, version read, then the values of `changed`. */
  readonly update: string;
  readonly insert: string;
  /** tenant, record, limit: newest first. Of versions the earlier ones; of a chain the row itself as well. */
  readonly listVersions: string;
  readonly insertVersion: string;
  /** Columns in the order in which `insert`, `update` and `insertVersion` take their values. */
  readonly inserted: readonly string[];
  readonly changed: readonly string[];
  readonly kept: readonly string[];
}

const plainName = /^[a-z][a-z_]{0,40}$/;

/** Names come from this code's own tables; one that could be anything else than a name stops the start. */
function named(name: string): string {
  if (!name.split('.', 2).every((part) => plainName.test(part)) || name.split('.').length > 2)
    throw new TypeError(`not a plain SQL name: ${name}`);
  return name;
}

/** Columns and the parameters that they are written from: one each, save for an interval, which is written from both ends. */
function written(
  kind: RecordKind,
  columns: readonly string[],
  first: number,
): { column: string; value: string }[] {
  const { interval } = kind;
  return columns.flatMap((column, index) => {
    if (column === interval?.to) return [];
    if (column !== interval?.from) return [{ column, value: `$${index + first}` }];
    const end = columns.indexOf(interval.to) + first;
    return [{ column: named(interval.column), value: `tstzrange($${index + first}, $${end})` }];
  });
}

export function statementsOf(kind: RecordKind): Statements {
  const table = named(kind.table);
  const patient = patientColumnOf(kind);
  const hasVersions = kind.versions !== null;
  const plain = Object.values(kind.plain).map((field) => named(field.column));
  const sealed = Object.values(sealedColumns(kind.sealed)).map(named);
  const listed = Object.values(sealedColumns(kind.sealed, 'listed')).map(named);
  const created = named(kind.createdColumn);
  const author = kind.authorColumn === undefined ? [] : [named(kind.authorColumn)];
  const order = named(kind.order.column);
  const changeTimes = hasVersions ? ['version', 'updated_at', 'updated_by'] : [];
  const emergency = emergencyColumn(kind.dataClass, patient);
  const owner = patient === 'id' ? 'id AS patient_id' : 'patient_id';
  const chained = kind.chain !== undefined && 'names' in kind.chain ? [named(kind.chain.names)] : [];
  const shown = ['id', 'clinic_id', owner, ...changeTimes, created, ...author, ...chained, ...plain];
  const direction = kind.order.first === 'newest' ? 'DESC' : 'ASC';
  const beyond = kind.order.first === 'newest' ? '<' : '>';
  const inserted = [
    'tenant_id', 'id', 'clinic_id', ...(patient === 'id' ? [] : ['patient_id']), 'key_id', ...author,
    ...(hasVersions ? ['updated_by'] : []), ...chained, ...plain, ...sealed,
  ]; // prettier-ignore
  const changed = [...plain, ...sealed, 'key_id', 'updated_by'];
  const partsColumn = kind.parts === undefined ? [] : [named(kind.parts.versionColumn)];
  const kept = [
    'tenant_id', 'id', 'record_id', 'clinic_id', 'patient_id', 'key_id', 'version', created, 'updated_at', 'updated_by',
    ...author, ...plain, ...sealed, ...partsColumn,
  ]; // prettier-ignore
  const successor =
    kind.chain !== undefined && 'names' in kind.chain
      ? ` AND NOT EXISTS (SELECT FROM ${table} later
          WHERE later.tenant_id = ${table}.tenant_id AND later.${named(kind.chain.names)} = ${table}.id)`
      : '';
  const versionsShown = ['id', 'record_id', 'clinic_id', 'patient_id', ...changeTimes, created, ...author, ...plain, ...sealed, ...partsColumn]; // prettier-ignore
  const listRows = `SELECT ${[...shown, ...listed].join(', ')}, ${placeColumn(order)} AS place, ${emergency} FROM ${table}`;
  return {
    find: `SELECT ${[...shown, ...sealed].join(', ')}, ${emergency} FROM ${table} WHERE tenant_id = $1 AND id = $2`,
    list: (tenantId, { clinicId, patientId, from, to, after, limit }) =>
      composeStatement([
        [`${listRows} WHERE tenant_id = ?`, tenantId],
        clinicId !== undefined && ['AND clinic_id = ?', clinicId],
        patientId !== undefined && [`AND ${patient} = ?`, patientId],
        from !== undefined && [`AND ${order} >= ?`, from],
        to !== undefined && [`AND ${order} < ?`, to],
        after !== null && [`AND (${order}, id) ${beyond} (?::timestamptz, ?::uuid)`, after.at, after.id],
        [`${successor} ORDER BY ${order} ${direction}, id ${direction} LIMIT ?`, limit],
      ]),
    locate: `SELECT id, clinic_id, ${owner}${hasVersions ? ', version' : ', 1 AS version'} FROM ${table} WHERE tenant_id = $1 AND id = $2`,
    lock: `SELECT ${[...shown, 'key_id', ...sealed].join(', ')} FROM ${table}
      WHERE tenant_id = $1 AND id = $2 AND version = $3 FOR UPDATE`,
    update: `UPDATE ${table} SET version = version + 1, updated_at = now(),
        ${written(kind, changed, 4)
          .map(({ column, value }) => `${column} = ${value}`)
          .join(', ')}
      WHERE tenant_id = $1 AND id = $2 AND version = $3`,
    insert: `INSERT INTO ${table} (${written(kind, inserted, 1)
      .map(({ column }) => column)
      .join(', ')})
      VALUES (${written(kind, inserted, 1)
        .map(({ value }) => value)
        .join(', ')})`,
    listVersions: earlierOf(kind, table, versionsShown, [...shown, ...sealed]),
    insertVersion: `INSERT INTO ${named(kind.versions ?? kind.table)} (${kept.join(', ')}) VALUES (${kept.map((_column, index) => `$${index + 1}`).join(', ')})`,
    inserted,
    changed,
    kept,
  };
}

function earlierOf(
  kind: RecordKind,
  table: string,
  versionColumns: readonly string[],
  rowColumns: readonly string[],
): string {
  const emergency = emergencyColumn(kind.dataClass, 'patient_id');
  if (kind.versions !== null)
    return `SELECT ${versionColumns.join(', ')}, ${emergency} FROM ${named(kind.versions)}
      WHERE tenant_id = $1 AND record_id = $2 ORDER BY version DESC LIMIT $3`;
  const created = named(kind.createdColumn);
  const { chain } = kind;
  if (chain !== undefined && 'names' in chain)
    return `WITH RECURSIVE chain AS (
        SELECT * FROM ${table} WHERE tenant_id = $1 AND id = $2
        UNION ALL SELECT earlier.* FROM ${table} earlier JOIN chain
          ON earlier.tenant_id = chain.tenant_id AND earlier.id = chain.${named(chain.names)})
      SELECT ${rowColumns.join(', ')}, ${emergency} FROM chain ORDER BY ${created} DESC, id DESC LIMIT $3`;
  const shared = chain === undefined ? 'id' : named(chain.shares);
  return `SELECT ${rowColumns.join(', ')}, ${emergency} FROM ${table}
    WHERE tenant_id = $1 AND (patient_id, ${shared}) = (SELECT patient_id, ${shared} FROM ${table} WHERE tenant_id = $1 AND id = $2)
    ORDER BY ${created} DESC, id DESC LIMIT $3`;
}
