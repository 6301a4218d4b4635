import { z } from 'zod';
import { IntakeReadingError, type RefusedField } from './errors.ts';
import { intakeFieldNames, type IntakeFieldName } from './form-fields.ts';
import { readStrictJson } from './strict-json.ts';

/** What a person typed beside the picture, by field; an empty text says that the field is empty. Not scrubbed yet. */
export type Corrections = ReadonlyMap<IntakeFieldName, string>;

export const noCorrections: Corrections = new Map();

/** Longer than any field may be; the field's own limit is judged with everything else. */
const longestText = 5_000;
const bounds = { maxCharacters: 64 * 1024, maxDepth: 4 };

const correctionsSchema = z.partialRecord(z.enum(intakeFieldNames), z.string().max(longestText));

/**
 * The `corrections` part of an upload.
 * @throws IntakeReadingError `intake-corrections-malformed`, naming the fields at fault
 */
export function readCorrections(text: string | undefined): Corrections {
  if (text === undefined) return noCorrections;
  const json = readStrictJson(text, bounds);
  if (!json.ok)
    throw new IntakeReadingError('intake-corrections-malformed', {
      fields: [{ field: nameField(json.field), reason: json.fault }],
    });
  const read = correctionsSchema.safeParse(json.value);
  if (!read.success)
    throw new IntakeReadingError('intake-corrections-malformed', {
      fields: read.error.issues.slice(0, 20).map(refusalOf),
    });
  return new Map(Object.entries(read.data) as [IntakeFieldName, string][]);
}

function refusalOf(issue: z.core.$ZodIssue): RefusedField {
  const [key] = issue.path;
  const field = nameField(typeof key === 'string' ? key : '');
  if (issue.code === 'too_big') return { field, reason: 'too-long' };
  return { field, reason: issue.code === 'invalid_type' ? 'wrong-type' : 'unknown-field' };
}

/** A key of the sender's own may hold anything: only names of ours are said back. */
function nameField(key: string): string {
  return intakeFieldNames.find((name) => name === key) ?? (key === '__proto__' ? key : 'corrections');
}
