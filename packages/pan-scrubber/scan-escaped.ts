import { emptyGlyph, readCluster, readPlainGlyph, type Glyph } from './clusters.ts';
import { readEscape, type Escape } from './escapes.ts';
import { Kind, kindOf } from './glyphs.ts';
import { appendSpans, type Span } from './spans.ts';
import { Style, WindowFinder } from './windows.ts';

const MAX_TAG = 256;
const MAX_ANSI = 12;
/** What begins an escape, a tag or a terminal sequence. */
const leads = ['%', '&', '\\', '<', '\u001b'];

/** A lead with what may follow it. */
// eslint-disable-next-line no-control-regex -- the escape character begins terminal colours, which logs carry
const ledPairs = /[%&\\<\u001b][#%0-9A-Za-z[\\/!"]/g;

/**
 * Numbers with escapes, markup or terminal colours in or between their digits.
 *
 * @param isAscii true where the whole text is ASCII: there a pattern is the fastest search
 */
export function scanEscaped(text: string, isAscii: boolean): Span[] {
  const spans: Span[] = [];
  let finder: WindowFinder | undefined;
  const glyph = emptyGlyph();
  let floor = 0;
  for (const at of isAscii ? findLedPairs(text) : findLeads(text)) {
    if (at < floor) continue;
    readDecodedGlyph(text, at, glyph);
    if (glyph.end === at + 1 || glyph.kind === Kind.hard) continue;
    finder ??= new WindowFinder('encoded');
    let start = walkBack(text, at, floor);
    let cluster = readCluster(text, start, readDecodedGlyph, finder);
    appendSpans(spans, finder.finish());
    if (cluster.stop <= at) {
      start = at;
      cluster = readCluster(text, start, readDecodedGlyph, finder);
      appendSpans(spans, finder.finish());
    }
    // Where no digit was read up to the stop, no escape on the way there is a part of a number.
    floor = Math.max(glyph.end, cluster.end > start ? cluster.end : cluster.stop);
  }
  return spans;
}

function* findLedPairs(text: string): Generator<number> {
  ledPairs.lastIndex = 0;
  for (let pair = ledPairs.exec(text); pair !== null; pair = ledPairs.exec(text)) {
    yield pair.index;
    ledPairs.lastIndex = pair.index + 1;
  }
}

/** The places of all leads, ascending: beyond ASCII one search a character is faster than a pattern for all. */
function* findLeads(text: string): Generator<number> {
  const next = leads.map((lead) => text.indexOf(lead));
  for (;;) {
    let nearest = -1;
    for (let lead = 0; lead < leads.length; lead++) {
      const place = next[lead] ?? -1;
      if (place >= 0 && (nearest < 0 || place < (next[nearest] ?? 0))) nearest = lead;
    }
    const place = next[nearest];
    if (place === undefined) return;
    yield place;
    next[nearest] = text.indexOf(leads[nearest] ?? '', place + 1);
  }
}

/** The start of what may belong to the same number before `at`. */
function walkBack(text: string, at: number, floor: number): number {
  let position = at;
  while (position > floor) {
    const unit = text.charCodeAt(position - 1);
    const isLow = unit >= 0xdc00 && unit < 0xe000 && position - 1 > floor;
    const codePoint = isLow ? (text.codePointAt(position - 2) ?? 0) : unit;
    if (kindOf(codePoint) === Kind.hard) break;
    position -= codePoint > 0xffff ? 2 : 1;
  }
  return position;
}

function readDecodedGlyph(text: string, at: number, into: Glyph): void {
  readPlainGlyph(text, at, into);
  const code = text.charCodeAt(at);
  if (code === 0x1b) {
    into.end = skipAnsi(text, at) ?? into.end;
    return;
  }
  const escape = readEscape(text, at);
  if (escape !== undefined) {
    into.kind = kindOf(escape.codePoint);
    into.end = escape.end;
    into.style = Style.escaped;
  }
  if ((escape?.codePoint ?? code) !== 0x3c) return;
  const tagEnd = skipTag(text, into.end);
  if (tagEnd === undefined) return;
  into.kind = Kind.cell;
  into.end = tagEnd;
}

/** Control sequence introducer, parameters, one letter (ECMA-48, 5.4). */
function skipAnsi(text: string, at: number): number | undefined {
  const sequence = /^\[[\d;]*[A-Za-z]/.exec(text.slice(at + 1, at + 1 + MAX_ANSI));
  return sequence === null ? undefined : at + 1 + sequence[0].length;
}

/** A whole tag with nothing escaped inside it; what it holds is searched as text of its own. */
function skipTag(text: string, at: number): number | undefined {
  if (!/[A-Za-z/!]/.test(text[at] ?? '')) return undefined;
  const limit = Math.min(text.length, at + MAX_TAG);
  for (let position = at; position < limit; position++) {
    const character = text[position];
    if (character === '>') return position + 1;
    if (character === '<' || character === '\uFFFE' || character === '\uFFFF') return undefined;
    if (character !== '%' && character !== '&' && character !== '\\') continue;
    const escape: Escape | undefined = readEscape(text, position);
    if (escape !== undefined) return escape.codePoint === 0x3e ? escape.end : undefined;
  }
  return undefined;
}
