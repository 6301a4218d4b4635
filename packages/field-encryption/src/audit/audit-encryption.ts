import type { CipherDatabase } from '../cells.ts';
import { leakQueries, type LeakKind } from './leaks.ts';

export interface AuditedColumn {
  /** `clinical.patients.full_name`. */
  readonly place: string;
  readonly dataClass: string | null;
  readonly sensitivity: 'phi' | 'structural' | null;
  readonly encrypted: boolean;
}

export type FindingKind =
  | 'unclassified'
  | 'class-unknown'
  | 'phi-in-the-clear'
  | 'ciphertext-as-structural'
  | 'looks-personal'
  | LeakKind;

export interface EncryptionFinding {
  readonly kind: FindingKind;
  /** A column, or the object that keeps what a column hides. */
  readonly place: string;
}

export interface EncryptionAudit {
  readonly columns: readonly AuditedColumn[];
  readonly findings: readonly EncryptionFinding[];
}

export interface EncryptionAuditOptions {
  /** The data classes there are; any by default. */
  readonly dataClasses?: ReadonlySet<string>;
  /** Tables that hold nothing of anybody, `cordon.migrations`. */
  readonly exceptTables?: readonly string[];
  /** Schemas of extensions and tools, beside PostgreSQL's own. */
  readonly exceptSchemas?: readonly string[];
  /** Columns whose names sound like a person's data, and that hold none: each was looked at. */
  readonly notPersonal?: readonly string[];
}

interface ColumnRow {
  readonly place: string;
  readonly comment: string | null;
  readonly encrypted: boolean;
  readonly looks_personal: boolean;
}

// A pattern or a list of values on a column (CHECK) means codes; free text has none.
const columnsQuery = `
  SELECT format('%s.%s', c.oid::regclass, a.attname) AS place, col_description(c.oid, a.attnum) AS comment,
    a.atttypid = to_regtype('cordon.ciphertext') IS TRUE AS encrypted,
    format_type(a.atttypid, NULL) IN ('text', 'character varying', 'character', 'citext', 'json', 'jsonb', 'xml', 'date')
      AND a.attname ~* '(^|_)(name|surname|forename|phone|mobile|email|mail|address|postcode|birth|birthday|dob|born|nhs|ssn|gender|note|notes|message|comment|diagnosis|allergies|medication|history)(_|$)'
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey))
      AS looks_personal
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
    AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    AND NOT n.nspname = ANY ($2::text[]) AND NOT c.oid::regclass::text = ANY ($1::text[])
  ORDER BY place`;

const commentForm = /^class=(\w+) sensitivity=(phi|structural)\b/;

/**
 * Reads a database's catalog: which column holds what, encrypted or not, and what keeps the text of a ciphertext elsewhere
 * (defaults, generated columns, triggers, indexes, views, statistics, rules). Reads no row of anybody.
 */
export async function auditEncryption(
  db: CipherDatabase,
  options: EncryptionAuditOptions = {},
): Promise<EncryptionAudit> {
  const schemas = options.exceptSchemas ?? [];
  const { rows } = await db.query<ColumnRow>(columnsQuery, [options.exceptTables ?? [], schemas]);
  const findings: EncryptionFinding[] = [];
  const columns = rows.map((row): AuditedColumn => {
    const [, dataClass = null, sensitivity = null] = commentForm.exec(row.comment ?? '') ?? [];
    const column = {
      place: row.place,
      dataClass,
      sensitivity: sensitivity as AuditedColumn['sensitivity'],
      encrypted: row.encrypted,
    };
    for (const kind of findFaults(column, row.looks_personal, options))
      findings.push({ kind, place: row.place });
    return column;
  });
  for (const [kind, query] of leakQueries) {
    const leaks = await db.query<{ place: string }>(query, [schemas]);
    findings.push(...leaks.rows.map(({ place }) => ({ kind, place })));
  }
  return { columns, findings };
}

function findFaults(
  column: AuditedColumn,
  looksPersonal: boolean,
  { dataClasses, notPersonal = [] }: EncryptionAuditOptions,
): FindingKind[] {
  if (column.dataClass === null) return ['unclassified'];
  const faults: FindingKind[] = [];
  if (dataClasses?.has(column.dataClass) === false) faults.push('class-unknown');
  if (column.sensitivity === 'phi' && !column.encrypted) faults.push('phi-in-the-clear');
  if (column.sensitivity === 'structural' && column.encrypted) faults.push('ciphertext-as-structural');
  if (!column.encrypted && looksPersonal && !notPersonal.includes(column.place))
    faults.push('looks-personal');
  return faults;
}
