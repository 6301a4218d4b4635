import { scrub } from '@cordon/pan-scrubber';
import { EngineError } from '../error.ts';
import type { RecordRow } from '../pipeline/disclose-records.ts';
import type { PlainField, PlainValues, RecordKind, SealedField } from './record-kind.ts';

/** A row as the statements of its kind return it. */
export type KindRow = RecordRow & {
  readonly [column: string]: unknown;
};

/** What a request's body says of a record's own fields; absent fields are left as they are. */
export type FieldValues = Readonly<Record<string, unknown>>;

const toJson = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);

/** The plain fields of a row, as the API shows them. */
export function readPlain(plain: Readonly<Record<string, PlainField>>, row: object): Record<string, unknown> {
  const columns = row as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(plain).map(([name, field]) => [name, toJson(columns[field.column] ?? null)]),
  );
}

/** Opened texts, as the API shows them. */
export function readSealed(
  sealed: Readonly<Record<string, SealedField>>,
  fields: Readonly<Record<string, string | null>> | null,
): Record<string, unknown> {
  if (fields === null) return {};
  return Object.fromEntries(
    Object.entries(sealed).flatMap(([name, field]) => {
      const text = fields[name];
      if (text === undefined) return [];
      return [[name, text !== null && field.number === true ? Number(text) : text]];
    }),
  );
}

/** One free text without card numbers. */
export const scrubText = (text: string): string => scrub(text).value;

export interface SealableTexts {
  /** By field; null clears it. Fields that the request does not name are absent. */
  readonly texts: Record<string, string | null>;
  readonly cardNumbersRemoved: number;
}

/** The texts to be sealed, without the card numbers that somebody wrote into them, in one field or over several. */
export function toTexts(sealed: Readonly<Record<string, SealedField>>, values: FieldValues): SealableTexts {
  const given: Record<string, string | null> = {};
  for (const name of Object.keys(sealed)) {
    const value = values[name];
    if (typeof value === 'string' || value === null) given[name] = value;
    if (typeof value === 'number') given[name] = String(value);
  }
  const cleaned = scrub(given);
  return { texts: cleaned.value, cardNumbersRemoved: cleaned.findings.length };
}

/** What a body says of the plain fields, by column. */
export function toColumns(
  plain: Readonly<Record<string, PlainField>>,
  values: FieldValues,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(plain).flatMap(([name, field]) =>
      values[name] === undefined ? [] : [[field.column, values[name]]],
    ),
  );
}

/** What plain fields begin with where a create leaves them out. */
export const initialColumns = (plain: Readonly<Record<string, PlainField>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.values(plain).flatMap(({ column, initial }) => (initial === undefined ? [] : [[column, initial]])),
  );

/** @throws EngineError `record-invalid`, naming the fields that do not fit each other. */
export function checkTogether(kind: RecordKind, values: FieldValues): void {
  const fields = kind.check?.(values as PlainValues) ?? [];
  if (fields.length > 0) throw new EngineError('record-invalid', { fields });
}

/** The plain fields that a body sets. */
export function readValues(kind: RecordKind, values: FieldValues): PlainValues {
  const set = Object.keys(kind.plain).filter((name) => values[name] !== undefined);
  return Object.fromEntries(set.map((name) => [name, values[name]])) as PlainValues;
}

/** The names of the record's own fields that a body sets. */
export function namedFields(kind: RecordKind, values: FieldValues): string[] {
  const known = [
    ...Object.keys(kind.plain),
    ...Object.keys(kind.sealed),
    ...(kind.parts ? [kind.parts.field] : []),
  ];
  return known.filter((name) => values[name] !== undefined);
}
