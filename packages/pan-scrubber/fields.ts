import { DIGIT_KIND, FIELD_BREAK, kindOf, TEXT_BREAK, WEAK_KIND } from './glyphs.ts';
import { appendSpans, REDACTION, type FindingReason, type Span } from './spans.ts';

/** One field's text, to be read together with the fields around it. */
export interface Field {
  readonly text: string;
  /** False where the field is known to hold something else, such as a telephone number. */
  readonly joins: boolean;
}

/**
 * Numbers within fields and torn over neighbouring ones. A field without any digit (a label, a title) does not keep
 * its neighbours apart.
 *
 * @returns the spans of each field, in the order of the fields
 */
export function findInFields(
  fields: readonly Field[],
  splitReason: FindingReason,
  findNumbers: (text: string) => readonly Span[],
): Span[][] {
  const found = fields.map((): Span[] => []);
  const parts: string[] = [];
  const places: { readonly index: number; readonly start: number; readonly end: number }[] = [];
  let length = 0;
  fields.forEach((field, index) => {
    if (!mayHoldPart(field.text)) {
      appendSpans(found[index] ?? [], findNumbers(field.text));
      return;
    }
    const boundary = field.joins && !field.text.includes(REDACTION) ? FIELD_BREAK : TEXT_BREAK;
    parts.push(boundary, field.text, boundary);
    places.push({ index, start: length + 1, end: length + 1 + field.text.length });
    length += field.text.length + 2;
  });
  const text = parts.join('');
  let first = 0;
  for (const span of findNumbers(text)) {
    while ((places[first]?.end ?? Infinity) <= span.start) first++;
    for (let at = first; (places[at]?.start ?? Infinity) < span.end; at++) {
      const place = places[at];
      if (place === undefined) break;
      const isWhole = span.start >= place.start && span.end <= place.end;
      const [start, end] = trim(text, Math.max(span.start, place.start), Math.min(span.end, place.end));
      if (start < end) {
        found[place.index]?.push({
          start: start - place.start,
          end: end - place.start,
          reason: isWhole ? span.reason : splitReason,
        });
      }
    }
  }
  return found;
}

/** A digit, or the mark of a number that was taken out: what stood on both sides of it does not join. */
export function mayHoldPart(text: string): boolean {
  return holdsDigit(text) || text.includes(REDACTION);
}

function holdsDigit(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const codePoint = text.codePointAt(at) ?? 0;
    if (kindOf(codePoint) >= DIGIT_KIND) return true;
    if (codePoint > 0xffff) at++;
  }
  return false;
}

/** Without the separators at the edges of a field's share; a semicolon may close an escape and stays. */
function trim(text: string, start: number, end: number): readonly [start: number, end: number] {
  let from = start;
  let to = end;
  while (from < to && isEdge(text.charCodeAt(from)) && text[from] !== '&') from++;
  while (to > from && isEdge(text.charCodeAt(to - 1)) && text[to - 1] !== ';') to--;
  return [from, to];
}

/** ASCII only: beyond it a separator may be half a character of a digit. */
function isEdge(code: number): boolean {
  return code < 0x80 && kindOf(code) < WEAK_KIND && code !== 0x25 && code !== 0x5c;
}
