import {
  IntakeReadingError,
  fieldReasons,
  type FieldReason,
  type RefusedField,
  type RefusedReadings,
} from './errors.ts';
import { intakeFieldNames, redactionMark, type IntakeFieldName } from './form-fields.ts';
import { intakeFieldsSchema, type IntakeFields } from './form-schema.ts';

/** One field as read: scrubbed text and how sure the reading is. */
export interface RawField {
  readonly text: string;
  /** The least sure word, 0–100. */
  readonly confidence: number;
  readonly numberRemoved: boolean;
}
export type RawFields = ReadonlyMap<IntakeFieldName, RawField>;

export interface ReadingWarning {
  readonly field: IntakeFieldName;
  readonly code: 'card-number-removed';
}

const required: readonly IntakeFieldName[] = ['fullName', 'dateOfBirth'];
/** One of these must be there, so that the patient can be reached. */
const contacts: readonly IntakeFieldName[] = ['phone', 'email', 'address'];

/**
 * Where a misread character goes unnoticed by every format, more confidence is asked for: a hand-written-like 17 came
 * back as 12 with a confidence of 87, print with 94 and more.
 */
const confidenceNeeded: Readonly<Partial<Record<IntakeFieldName, number>>> = { dateOfBirth: 90, phone: 75, fullName: 65, nhsNumber: 50 }; // prettier-ignore
const usualConfidence = 45;

/** Fields of a format: what stands beside a removed number must hold on its own. In the others the mark stays. */
const formatted: ReadonlySet<IntakeFieldName> = new Set<IntakeFieldName>(['fullName', 'dateOfBirth', 'postcode', 'phone', 'email', 'nhsNumber']); // prettier-ignore

/**
 * @param raw fields whose label was found; an empty text is an empty field
 * @throws IntakeReadingError intake-form-unreadable when hardly a label was found, intake-form-invalid naming each field
 */
export function validateForm(raw: RawFields): { fields: IntakeFields; warnings: ReadingWarning[] } {
  const warnings: ReadingWarning[] = [];
  const candidates: Partial<Record<IntakeFieldName, string>> = {};
  const refused = new Map<IntakeFieldName, FieldReason>();
  for (const [field, value] of raw) {
    if (value.numberRemoved) warnings.push({ field, code: 'card-number-removed' });
    const text = withoutMarks(field, value.text);
    if (text === '') continue;
    if (value.confidence < (confidenceNeeded[field] ?? usualConfidence)) refused.set(field, 'low-confidence');
    candidates[field] = text;
  }
  for (const field of required) {
    if (candidates[field] === undefined)
      refused.set(field, raw.get(field)?.numberRemoved ? 'card-number' : 'missing');
  }
  if (contacts.every((field) => candidates[field] === undefined)) {
    for (const field of contacts)
      refused.set(field, raw.get(field)?.numberRemoved ? 'card-number' : 'missing');
  }
  const result = intakeFieldsSchema.safeParse(candidates);
  if (result.success && refused.size === 0) return { fields: result.data, warnings };

  for (const issue of result.error?.issues ?? []) {
    const field = intakeFieldNames.find((name) => name === issue.path[0]);
    const reason = fieldReasons.find((name) => name === issue.message);
    if (field && !refused.has(field)) refused.set(field, reason ?? 'missing');
  }
  const fields: RefusedField[] = intakeFieldNames.flatMap((field) => {
    const reason = refused.get(field);
    return reason === undefined ? [] : [{ field, reason }];
  });
  const unreadable = !raw.has('fullName') && !raw.has('dateOfBirth');
  throw new IntakeReadingError(unreadable ? 'intake-form-unreadable' : 'intake-form-invalid', {
    fields,
    readings: readingsOf(raw, refused),
  });
}

/** Longer readings help nobody to correct a field. */
const longestReading = 2_000;

function readingsOf(raw: RawFields, refused: ReadonlyMap<IntakeFieldName, FieldReason>): RefusedReadings {
  return new Map(
    [...refused.keys()].flatMap((field) => {
      const text = (raw.get(field)?.text ?? '').slice(0, longestReading);
      return text === '' ? [] : [[field, text] as const];
    }),
  );
}

/** What is left of a value: '' when it held nothing but removed numbers and punctuation. */
function withoutMarks(field: IntakeFieldName, text: string): string {
  const rest = text.replaceAll(redactionMark, ' ').replace(/\s+/g, ' ').trim();
  if (!/[\p{L}\p{N}]/u.test(rest)) return '';
  return formatted.has(field) ? rest : text;
}
