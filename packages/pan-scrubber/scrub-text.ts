import { isBase64 } from './base64-alphabet.ts';
import { scanBase64 } from './base64.ts';
import { searchBeside, type Neighbourhood } from './beside.ts';
import { findInFields } from './fields.ts';
import type { Candidates } from './candidates-ascii.ts';
import { findCandidates } from './candidates.ts';
import { findInFormLines } from './form-lines.ts';
import { isKnownBreak, kindOf, WEAK_KIND } from './glyphs.ts';
import { SHORTEST } from './networks.ts';
import { isRuleCharacter, matchPlainRule } from './plain-rule.ts';
import { scanEscaped } from './scan-escaped.ts';
import { scanNumbers, scanPiece } from './scan.ts';
import { appendSpans, mergeSpans, type Span } from './spans.ts';

/** Base64 within base64 is opened this often. */
const MAX_NESTING = 2;

/** Every card number in the text, sorted and without overlap; none is left when they are taken out. */
export function findNumbers(text: string): Span[] {
  return findNested(text, MAX_NESTING);
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
  let spans = mergeSpans(found);
  for (const neighbourhood of neighbourhoods(text, nesting)) {
    const beside = searchBeside(text, spans, neighbourhood);
    if (beside.length > 0) spans = mergeSpans([...spans, ...beside]);
  }
  return spans;
}

function neighbourhoods(text: string, nesting: number): Neighbourhood[] {
  const isEncoded = (span: Span): boolean => span.reason === 'encoded';
  const isDigit = (at: number): boolean =>
    at >= 0 && at < text.length && kindOf(text.charCodeAt(at)) >= WEAK_KIND;
  return [
    // A part of a base64 block may decode otherwise than the whole.
    {
      matters: (span) => nesting > 0 && isEncoded(span),
      accepts: isBase64,
      search: (piece) => findNested(piece, nesting - 1),
    },
    // The end of an escape may part a run of plain digits: "20" and a card in "%204111…". So does padding.
    {
      matters: (span) => isEncoded(span) || isDigit(span.start - 1) || isDigit(span.end),
      accepts: (code) => !isKnownBreak(code),
      search: scanPiece,
    },
    // The plain rule's pattern starts afresh behind a redaction.
    { matters: () => true, accepts: isRuleCharacter, search: matchPlainRule },
  ];
}

/** Numbers whose characters stand in the text itself, plain or escaped. */
function findWritten(text: string, candidates: Candidates): Span[] {
  const spans = scanNumbers(text, candidates.numberRuns);
  appendSpans(spans, scanEscaped(text, candidates.isAscii));
  return spans;
}

/** Filled-in lines read together; they hold neither base64 nor further lines. */
function scanFormLines(text: string): Span[] {
  const findInLine = (line: string): Span[] =>
    line.length < SHORTEST ? [] : mergeSpans(findWritten(line, findCandidates(line)));
  return findInFormLines(text, (lines) => findInFields(lines, 'split-lines', findInLine));
}
