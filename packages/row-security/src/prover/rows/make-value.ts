import type { Column } from '../catalog/types.ts';
import { literal } from '../sql.ts';
import { uuidOf } from './world.ts';

/** What a made value is told apart by: the table, the scope and the attempt. */
export interface Mark {
  /** `t4-112-0`: short, and found nowhere else. */
  readonly name: string;
  /** A number that grows with each row of the run. */
  readonly ordinal: number;
}

/** The mark that a text value begins with; searched for in everything an attacker is shown. */
export const markText = (mark: Mark, column: string): string => `mark-${mark.name}-${column}`;

/**
 * SQL expressions for a column, the likeliest first; null when nothing is known of the type. None is checked against the table's
 * constraints here.
 */
export function makeValues(
  column: Column,
  mark: Mark,
  generators: Readonly<Record<string, string>>,
  tableId: string,
): string[] | null {
  const own =
    generators[`${tableId}.${column.name}`] ?? generators[column.domain ?? ''] ?? generators[column.type];
  if (own !== undefined) return [own.replaceAll('$marker', () => literal(markText(mark, column.name)))];
  if (column.enumLabels) return column.enumLabels.map((label) => `${literal(label)}::${column.type}`);
  const plain = plainValues(column.baseType, markText(mark, column.name), mark.ordinal);
  return plain?.map((value) => `${value}::${column.baseType}`) ?? null;
}

const day = (ordinal: number, hours = 0): string =>
  new Date(Date.now() - 86_400_000 + ordinal * 1000 + hours * 3_600_000).toISOString();

function plainValues(type: string, text: string, ordinal: number): string[] | null {
  const array = /^(.*)\[\]$/.exec(type);
  if (array) return (plainValues(array[1] ?? '', text, ordinal) ?? []).slice(0, 1).map((v) => `ARRAY[${v}]`);
  const sized = /^(?:character varying|character|bpchar)\((\d+)\)$/.exec(type);
  if (sized) return [literal(text.slice(-Number(sized[1])))];
  const bare = type.replace(/\(.*?\)/, '');
  const range = rangeValues(bare, ordinal);
  if (range) return [literal(range)];
  switch (bare) {
    case 'uuid':
      return [literal(uuidOf(text))];
    case 'text':
    case 'character varying':
    case 'character':
    case 'citext':
    case 'name':
      return [literal(text)];
    case 'smallint':
      return [`(${ordinal % 30_000})`, '1', '0'];
    case 'integer':
    case 'bigint':
    case 'numeric':
    case 'real':
    case 'double precision':
    case 'money':
      return [`(${10_000 + ordinal})`, '1', '0', '(-1)'];
    case 'boolean':
      return ['true', 'false'];
    case 'bytea':
      return [`convert_to(${literal(text)}, 'UTF8')`];
    case 'json':
    case 'jsonb':
      return [literal(JSON.stringify({ probe: text })), literal('[]')];
    case 'date':
      return [literal(day(ordinal).slice(0, 10))];
    case 'timestamp without time zone':
    case 'timestamp with time zone':
      return [literal(day(ordinal)), literal(day(ordinal, 48))];
    case 'time without time zone':
    case 'time with time zone':
      return [literal('12:00')];
    case 'interval':
      return [literal(`${ordinal} minutes`), literal('1 hour')];
    case 'inet':
    case 'cidr':
      return [literal(`10.9.${Math.floor(ordinal / 250) % 250}.${(ordinal % 250) + 1}`)];
    case 'macaddr':
      return [literal('08:00:2b:01:02:03')];
    case 'bit':
      return [`(${ordinal})`];
    case 'tsvector':
      return [literal(text.replaceAll('-', ' '))];
    case 'xml':
      return [literal(`<probe>${text}</probe>`)];
    case 'point':
      return [literal(`(${ordinal},1)`)];
    case 'oid':
    case 'xid':
    case 'xid8':
      return [literal(String(ordinal))];
    default:
      return null;
  }
}

/** Each row gets a range of its own, so that exclusion constraints have nothing to exclude. */
function rangeValues(type: string, ordinal: number): string | null {
  const [low, high] = [ordinal * 10, ordinal * 10 + 5];
  if (/^(int4|int8|num)range$/.test(type)) return `[${low},${high})`;
  if (type === 'daterange') return `[${day(0, low * 24).slice(0, 10)},${day(0, high * 24).slice(0, 10)})`;
  if (/^ts(tz)?range$/.test(type)) return `[${day(0, low)},${day(0, high)})`;
  return null;
}
