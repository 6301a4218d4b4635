import { PhiRedactionError } from './error.ts';
import { findEncoded } from './encoded.ts';
import { mergeFindings, type Finding } from './finding.ts';
import { findJoined } from './joined.ts';
import { findDigits, findPhrases, type KnownIdentifiers } from './known.ts';
import { findNames } from './names.ts';
import { findStructured } from './structured.ts';
import { readTokens } from './tokens.ts';
import { unmask } from './unmask.ts';
import { openView, type View } from './view.ts';

/** Longer texts are refused: what is asked of a model has a size limit far below it. */
export const MAX_TEXT_LENGTH = 200_000;

/**
 * Everything in a text that tells who it is about: what the record knows, what its form gives away, and names by what stands
 * around them. Sorted, without overlap.
 * @throws {PhiRedactionError} `text-too-long` beyond 200,000 UTF-16 units
 */
export function findIdentifiers(text: string, known?: KnownIdentifiers): Finding[] {
  if (text.length > MAX_TEXT_LENGTH) throw new PhiRedactionError('text-too-long');
  const unmasked = unmask(text);
  const found = searchText(text, known);
  if (unmasked === null) return found;
  const behind = searchText(unmasked.text, known);
  return mergeFindings([
    ...found,
    ...behind.map((finding) => ({ ...finding, ...unmasked.locate(finding.start, finding.end) })),
  ]);
}

/** @param layers of base64 that are looked behind */
function searchText(text: string, known: KnownIdentifiers | undefined, layers = 2): Finding[] {
  const view = openView(text);
  const found = searchView(view, known);
  if (layers > 0)
    found.push(...findEncoded(view, (inside) => searchText(inside, known, layers - 1).length > 0));
  const merged = mergeFindings(found);
  if (view.isAsWritten) return merged;
  return mergeFindings(merged.map((finding) => ({ ...finding, ...view.locate(finding.start, finding.end) })));
}

/** All findings in what a person sees, unsorted; names only where they are asked for. */
export function searchView(view: View, known: KnownIdentifiers | undefined, forNames = true): Finding[] {
  const reading = readTokens(view);
  const found = findStructured(view, reading);
  if (known !== undefined) {
    found.push(...findPhrases(reading.tokens, known));
    if (reading.hasDigit) found.push(...findDigits(view, known));
  }
  if (forNames) found.push(...findNames(view, reading.tokens, known));
  found.push(...findJoined(reading.tokens, known?.joined, found));
  return found;
}
