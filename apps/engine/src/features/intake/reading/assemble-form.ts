import { scrub } from '@cordon/pan-scrubber';
import type { Corrections } from './corrections.ts';
import { IntakeReadingError } from './errors.ts';
import type { IntakeFieldName } from './form-fields.ts';
import type { IntakeFields } from './form-schema.ts';
import type { ScrubbedReading } from './read-fields.ts';
import { validateForm, type RawField, type ReadingWarning } from './validate-form.ts';

export interface AssembledForm {
  readonly fields: IntakeFields;
  /** All that was read, scrubbed, one row of the paper a line; pages are apart by an empty line. */
  readonly scrubbedText: string;
  /** Numbers removed, those included that were too blurred to tell. */
  readonly cardNumbersRemoved: number;
  readonly warnings: readonly ReadingWarning[];
  /** Fields of the paper that held a part of a number which only the whole record showed. */
  readonly withheld: ReadonlySet<IntakeFieldName>;
  /** A number came together only over the whole text, so that nobody can say which words held it. */
  readonly numberAcrossPages: boolean;
}

/**
 * The pages' readings and what a person corrected → one form. Corrections take the place of what was read, then go
 * through the same scrubbing and the same schema.
 * @throws IntakeReadingError with `fields` for intake-form-unreadable and intake-form-invalid
 */
export function assembleForm(readings: readonly ScrubbedReading[], corrections: Corrections): AssembledForm {
  const onPaper = new Map<IntakeFieldName, RawField>();
  for (const { raw } of readings) {
    for (const [field, value] of raw) {
      // The first page that fills a field counts; a label alone gives way to a filled one.
      if ((onPaper.get(field)?.text ?? '') === '') onPaper.set(field, value);
    }
  }
  const paper = scrubAcrossFields(onPaper);
  const typed = new Map(paper.raw);
  for (const [field, text] of corrections) typed.set(field, { text, confidence: 100, numberRemoved: false });
  const record =
    corrections.size === 0 ? { raw: typed, altered: noFields, removed: 0 } : scrubAcrossFields(typed);

  const written = readings.map((reading) => reading.writeOut(paper.altered));
  const said = [...corrections.keys()].map(
    (field) => `Corrected, ${field}: ${record.raw.get(field)?.text ?? ''}`,
  );
  const text = scrub([...written, ...(said.length > 0 ? [said.join('\n')] : [])].join('\n\n'));
  const onPages = readings.reduce((sum, reading) => sum + reading.numbersRemoved, 0);
  const cardNumbersRemoved = onPages + paper.removed + record.removed + text.findings.length;
  try {
    const { fields, warnings } = validateForm(record.raw);
    return {
      fields,
      scrubbedText: text.value,
      cardNumbersRemoved,
      warnings,
      withheld: paper.altered,
      numberAcrossPages: text.findings.length > 0,
    };
  } catch (error) {
    if (!(error instanceof IntakeReadingError)) throw error;
    throw new IntakeReadingError(error.code, {
      ...(error.fields && { fields: error.fields }),
      readings: error.readings(),
      cardNumbersRemoved,
    });
  }
}

const noFields: ReadonlySet<IntakeFieldName> = new Set();

/** A number that was spread over two fields is whole only when the fields are looked at as one record. */
function scrubAcrossFields(found: ReadonlyMap<IntakeFieldName, RawField>): {
  raw: Map<IntakeFieldName, RawField>;
  altered: ReadonlySet<IntakeFieldName>;
  removed: number;
} {
  const { value, findings } = scrub(Object.fromEntries([...found].map(([field, { text }]) => [field, text])));
  const raw = new Map<IntakeFieldName, RawField>();
  const altered = new Set<IntakeFieldName>();
  for (const [field, before] of found) {
    const text = value[field] ?? '';
    if (text !== before.text) altered.add(field);
    raw.set(field, { ...before, text, numberRemoved: before.numberRemoved || altered.has(field) });
  }
  return { raw, altered, removed: findings.length };
}
