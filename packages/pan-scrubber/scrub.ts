import { scrubRecord } from './record.ts';
import { findNumbers } from './scrub-text.ts';
import { redactSpans, type FindingReason } from './spans.ts';

/** Where a number stood and why it was taken; never what it was. */
export interface Finding {
  /** Half-open range of UTF-16 code units in the input text, or in the field at `path`. */
  readonly start: number;
  readonly end: number;
  readonly reason: FindingReason;
  /** In records: JSON pointer (RFC 6901) of the field, as it is called in the scrubbed record. */
  readonly path?: string;
  /** The number stood in the field's key. */
  readonly inKey?: true;
}

export interface ScrubResult<T> {
  readonly value: T;
  readonly findings: readonly Finding[];
}

/**
 * Takes every card number out of a text or a record (plain objects, lists, texts, numbers). The input is not
 * changed; what holds no card number comes back byte for byte. Scrubbing a result again finds nothing.
 *
 * A number in a record that is a card number becomes the redaction text, so the value's type may widen there.
 *
 * @throws PanScrubberError for records that cannot be searched whole: cyclic, deeper than 256 levels, or with other
 * values than JSON's, `undefined`, bigint and Date
 */
export function scrub(text: string): ScrubResult<string>;
export function scrub<T>(record: T): ScrubResult<T>;
export function scrub(input: unknown): ScrubResult<unknown> {
  if (typeof input !== 'string') return scrubRecord(input);
  const spans = findNumbers(input);
  return { value: redactSpans(input, spans), findings: spans };
}
