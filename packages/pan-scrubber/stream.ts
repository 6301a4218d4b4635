import { PanScrubberError } from './errors.ts';
import { findLineGroups, LONGEST_NAME } from './form-lines.ts';
import { findNumbers } from './scrub-text.ts';
import { redactSpans, type Span } from './spans.ts';
import type { Finding, ScrubResult } from './scrub.ts';

/** Emitted text kept to see what stands in front of the next piece: the name of a value and a character before it. */
const CONTEXT = LONGEST_NAME + 1;
/** Text held back at most; more than twice the longest number with the longest gaps between its digits. */
export const MAX_HELD = 65_536;
/** Tags with more in them do not stand in numbers. */
const LONGEST_TAG = 300;
/** Above this, held text is searched again only when half as much has been added: linear time for small pieces. */
const EAGER = 256;

/**
 * Scrubs text that arrives in pieces. What may still become part of a number is held back: of prose the last word,
 * of digits and separators at most {@link MAX_HELD} UTF-16 units.
 */
export interface ScrubStream {
  /** Takes the next piece; answers with the text that is certain now. Offsets count from the stream's start. */
  push(piece: string): ScrubResult<string>;
  /** The held text. The stream takes nothing after it. */
  finish(): ScrubResult<string>;
}

/** @throws PanScrubberError `stream-finished` from `push` and `finish` after `finish` */
export function openScrubStream(): ScrubStream {
  let context = '';
  let held = '';
  let offset = 0;
  let searched = 0;
  let finished = false;

  const release = (isLast: boolean): ScrubResult<string> => {
    const text = context + held;
    const spans = findNumbers(text).flatMap((span) => clipToHeld(span, context.length));
    const cut = isLast ? text.length : Math.max(context.length, chooseCut(text, spans));
    const ready = spans
      .filter((span) => span.end <= cut)
      .map((span) => ({ ...span, start: span.start - context.length, end: span.end - context.length }));
    const value = redactSpans(text.slice(context.length, cut), ready);
    const base = offset;
    const findings = ready.map((span): Finding => ({
      ...span,
      start: span.start + base,
      end: span.end + base,
    }));
    offset += cut - context.length;
    held = text.slice(cut);
    // As it was emitted: digits that were taken out must not be read with those that follow.
    context = (context + value).slice(-CONTEXT);
    searched = held.length;
    return { value, findings };
  };

  const refuseWhenFinished = (): void => {
    if (finished) throw new PanScrubberError('stream-finished');
  };

  return {
    push(piece) {
      refuseWhenFinished();
      held += piece;
      const isWorthwhile = searched <= EAGER || held.length - searched >= searched / 2;
      return isWorthwhile ? release(false) : { value: '', findings: [] };
    },
    finish() {
      refuseWhenFinished();
      finished = true;
      return release(true);
    },
  };
}

/** What was emitted cannot be taken back; the part of a span that is still held can. */
function clipToHeld(span: Span, from: number): Span[] {
  if (span.end <= from) return [];
  return [span.start < from ? { ...span, start: from } : span];
}

/** The last place at which the text can be parted without parting anything that may become a number. */
function chooseCut(text: string, spans: readonly Span[]): number {
  let cut = findWordEnd(text, text.length);
  for (const group of findLineGroups(text).reverse()) {
    if (group.start < cut && cut < group.end) cut = findWordEnd(text, group.start);
  }
  for (let tag = findTagAround(text, cut); tag !== undefined; tag = findTagAround(text, cut)) {
    cut = findWordEnd(text, tag);
  }
  if (cut > 0 && text.length - cut <= MAX_HELD) return cut;
  if (text.length <= MAX_HELD) return 0;
  // Digits and separators without end: every number that begins before this place is known already.
  const forced = text.length - MAX_HELD / 2;
  const crossing = spans.find((span) => span.start < forced && span.end > forced);
  if (crossing !== undefined) return crossing.end;
  const isInsidePair = (text.codePointAt(forced - 1) ?? 0) > 0xffff;
  return isInsidePair ? forced - 1 : forced;
}

/** Where the tag begins in which `at` stands. */
function findTagAround(text: string, at: number): number | undefined {
  if (at === 0) return undefined;
  const open = Math.max(text.lastIndexOf('<', at - 1), text.lastIndexOf('&lt;', at - 1));
  const close = Math.max(text.lastIndexOf('>', at - 1), text.lastIndexOf('&gt;', at - 1));
  return open > close && at - open < LONGEST_TAG ? open : undefined;
}

/** Behind the last word of prose that ends before `limit`: letters that no number holds, then white space. */
function findWordEnd(text: string, limit: number): number {
  let end = limit;
  for (;;) {
    while (end > 0 && !isWhite(text.charCodeAt(end))) end--;
    let start = end;
    while (start > 0 && !isWhite(text.charCodeAt(start - 1)) && end - start < 33) start--;
    if (/^["'(]?[A-Za-z]{0,24}[a-km-np-z][.,;:!?)"']{0,2}$/.test(text.slice(start, end))) return end;
    if (start === 0) return 0;
    end = start - 1;
  }
}

function isWhite(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
