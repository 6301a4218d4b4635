import { scanBase64 } from './base64.ts';
import { findInFields } from './fields.ts';
import type { Candidates } from './candidates-ascii.ts';
import { findCandidates } from './candidates.ts';
import { findInFormLines } from './form-lines.ts';
import { SHORTEST } from './networks.ts';
import { matchPlainRuleBeside } from './plain-rule.ts';
import { scanEscaped } from './scan-escaped.ts';
import { scanNumbers } from './scan.ts';
import { appendSpans, mergeSpans, REDACTION, redactSpans, type Span } from './spans.ts';

/** Base64 within base64 is opened this often. */
const MAX_NESTING = 2;

/** Bounds the rounds of {@link findNumbers}; two are enough for all that is not built to need more. */
const MAX_ROUNDS = 8;

/** Every card number in the text, sorted and without overlap; none is left when they are taken out. */
export function findNumbers(text: string): Span[] {
  let spans = findNested(text, MAX_NESTING);
  // An escape's end may part a run of plain digits ("20" and a card in "%204111…"), and what is left then stands alone.
  for (let round = 1; round < MAX_ROUNDS && spans.some((span) => span.reason === 'encoded'); round++) {
    const left = findNested(redactSpans(text, spans), MAX_NESTING);
    if (left.length === 0) break;
    spans = mergeSpans([...spans, ...toInput(left, spans)]);
  }
  return spans;
}

/** Spans of the redacted text as spans of the text. */
function toInput(found: readonly Span[], redacted: readonly Span[]): Span[] {
  let index = 0;
  let shift = 0;
  return found.map((span) => {
    for (let next = redacted[index]; next !== undefined; next = redacted[index]) {
      if (next.start > span.start + shift) break;
      shift += next.end - next.start - REDACTION.length;
      index++;
    }
    return { ...span, start: span.start + shift, end: span.end + shift };
  });
}

function findNested(text: string, nesting: number): Span[] {
  if (text.length < SHORTEST) return [];
  const candidates = findCandidates(text);
  const found = findWritten(text, candidates);
  if (nesting > 0) {
    const encoded = scanBase64(text, candidates.tokens, (decoded) => findNested(decoded, nesting - 1));
    appendSpans(found, encoded);
  }
  appendSpans(found, scanFormLines(text));
  if (found.length === 0) return found;
  const spans = mergeSpans(found);
  const beside = matchPlainRuleBeside(text, spans);
  return beside.length === 0 ? spans : mergeSpans([...spans, ...beside]);
}

/** Numbers whose characters stand in the text itself, plain or escaped. */
function findWritten(text: string, candidates: Candidates): Span[] {
  const spans = scanNumbers(text, candidates.numberRuns);
  appendSpans(spans, scanEscaped(text, candidates.isAscii));
  return spans;
}

/** Filled-in lines read together; they hold neither base64 nor further lines. */
function scanFormLines(text: string): Span[] {
  const findInLine = (line: string): Span[] => mergeSpans(findWritten(line, findCandidates(line)));
  return findInFormLines(text, (lines) => findInFields(lines, 'split-lines', findInLine));
}
