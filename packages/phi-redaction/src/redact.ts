import { PhiRedactionError } from './error.ts';
import { mergeFindings, type Finding } from './finding.ts';
import { findKnown, type KnownIdentifiers } from './known.ts';
import { findPeople } from './names.ts';
import { findStructured } from './structured.ts';
import { readWords } from './words.ts';

/** Longer texts are refused: what is asked of a model has a size limit far below it. */
export const MAX_TEXT_LENGTH = 200_000;

/**
 * Everything in a text that tells who it is about: what the record knows, what its form gives away, and names by what stands
 * around them. Sorted, without overlap.
 * @throws {PhiRedactionError} `text-too-long` beyond 200,000 UTF-16 units
 */
export function findIdentifiers(text: string, known?: KnownIdentifiers): Finding[] {
  if (text.length > MAX_TEXT_LENGTH) throw new PhiRedactionError('text-too-long');
  const words = readWords(text);
  return mergeFindings([
    ...(known === undefined ? [] : findKnown(text, known, words)),
    ...findStructured(text),
    ...findPeople(text, words),
  ]);
}
