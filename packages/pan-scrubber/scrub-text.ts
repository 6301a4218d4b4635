import { scanBase64 } from './base64.ts';
import { findInFields } from './fields.ts';
import { scanFormLines } from './form-lines.ts';
import { matchPlainRuleBeside } from './plain-rule.ts';
import { scanEscaped } from './scan-escaped.ts';
import { scanNumbers } from './scan.ts';
import { appendSpans, mergeSpans, type Span } from './spans.ts';

/** Base64 within base64 is opened this often. */
const MAX_NESTING = 2;

/** Every card number in the text, sorted and without overlap. */
export function findNumbers(text: string): Span[] {
  return findNested(text, MAX_NESTING);
}

function findNested(text: string, nesting: number): Span[] {
  const found = findWritten(text);
  if (nesting > 0)
    appendSpans(
      found,
      scanBase64(text, (decoded) => findNested(decoded, nesting - 1)),
    );
  appendSpans(
    found,
    scanFormLines(text, (lines) => findInFields(lines, 'split-lines', findWritten)),
  );
  const spans = mergeSpans(found);
  if (spans.length === 0) return spans;
  return mergeSpans([...spans, ...matchPlainRuleBeside(text, spans)]);
}

/** Numbers whose characters stand in the text itself, plain or escaped. */
function findWritten(text: string): Span[] {
  return mergeSpans([...scanNumbers(text), ...scanEscaped(text)]);
}
