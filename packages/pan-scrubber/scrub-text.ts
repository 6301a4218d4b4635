import { scanBase64 } from './base64.ts';
import { findInFields } from './fields.ts';
import type { Candidates } from './candidates-ascii.ts';
import { findCandidates } from './candidates.ts';
import { findInFormLines } from './form-lines.ts';
import { SHORTEST } from './networks.ts';
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
