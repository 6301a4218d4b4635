import { DIGIT_KIND, isMark, Kind, kindOf, WEAK_KIND, WIDE_GAP } from './glyphs.ts';
import { Style, type Digit, type WindowFinder } from './windows.ts';

/** Longest run of separators that may stand inside one number, in UTF-16 code units. */
const MAX_GAP = 1024;
/** Words of look-alike letters this short ("so", "I") are words first. */
const SHORT_WORD = 2;

/** One character as the scan sees it: decoded or not. */
export interface Glyph {
  kind: number;
  end: number;
  style: number;
}

export function emptyGlyph(): Glyph {
  return { kind: Kind.hard, end: 0, style: Style.ascii };
}

/** Reads the character at a position into `into`; the decoding reader also takes escapes and markup. */
export type GlyphReader = (text: string, at: number, into: Glyph) => void;

export function readPlainGlyph(text: string, at: number, into: Glyph): void {
  const codePoint = text.codePointAt(at) ?? 0;
  // Half a surrogate pair alone becomes a replacement character where the text is stored.
  into.kind = codePoint >= 0xd800 && codePoint < 0xe000 ? Kind.space : kindOf(codePoint);
  into.end = at + (codePoint > 0xffff ? 2 : 1);
  into.style = codePoint < 0x80 ? Style.ascii : Style.otherScript;
}

/**
 * Hands the digits from `at` on to the finder, up to the first character that cannot stand in a number.
 *
 * @returns where the cluster's last digit ends, and where reading stopped; `stop` is the text's length where the
 * cluster may go on in text still to come
 */
export function readCluster(
  text: string,
  at: number,
  read: GlyphReader,
  finder: WindowFinder,
): { readonly end: number; readonly stop: number } {
  const glyph = emptyGlyph();
  // One object for all digits: the finder keeps its values only.
  const digit: Digit = {
    value: 0,
    start: 0,
    end: 0,
    gap: 0,
    weak: false,
    style: Style.ascii,
    inShortWord: false,
  };
  let position = at;
  let end = at;
  let gap = 0;
  let afterDigit = false;
  while (position < text.length) {
    read(text, position, glyph);
    if (glyph.kind >= DIGIT_KIND) {
      const digitEnd = skipMarks(text, glyph.end);
      digit.value = glyph.kind - DIGIT_KIND;
      digit.start = position;
      digit.end = digitEnd;
      digit.gap = gap;
      digit.style = glyph.style;
      finder.push(digit);
      end = position = digitEnd;
      gap = 0;
      afterDigit = true;
    } else if (glyph.kind >= WEAK_KIND) {
      const word = readLookalikes(text, position, read, afterDigit);
      if (word === undefined) break;
      for (const letter of word.letters) {
        finder.push({ ...letter, gap, weak: true, inShortWord: word.isShort });
        gap = 0;
      }
      end = position = word.end;
      afterDigit = true;
    } else {
      if (glyph.kind === Kind.hard || glyph.end - end > MAX_GAP) break;
      if (glyph.kind === Kind.mask && isMasked(text, glyph.end, read)) break;
      gap = widenGap(gap, glyph.kind === Kind.mask ? Kind.cell : glyph.kind);
      position = glyph.end;
      if (gap > Kind.invisible) afterDigit = false;
    }
  }
  return { end, stop: position };
}

/** The looser of two separators names the gap; two visible ones make it wide. */
function widenGap(gap: number, kind: number): number {
  if (gap <= Kind.invisible) return Math.max(gap, kind);
  if (kind === Kind.invisible) return gap;
  return Math.max(gap & ~WIDE_GAP, kind) | WIDE_GAP;
}

/** Two are markup ("**4111**"), three or more stand for digits that are not shown. */
function isMasked(text: string, at: number, read: GlyphReader): boolean {
  const next = emptyGlyph();
  let position = at;
  for (let more = 0; more < 2; more++) {
    if (position >= text.length) return false;
    read(text, position, next);
    if (next.kind !== Kind.mask) return false;
    position = next.end;
  }
  return true;
}

type Letter = Pick<Digit, 'value' | 'start' | 'end' | 'style'>;

interface Lookalikes {
  readonly letters: readonly Letter[];
  readonly end: number;
  readonly isShort: boolean;
}

/** A run of look-alike letters; none where it begins a word of other letters, or goes on for longer than a card. */
function readLookalikes(
  text: string,
  at: number,
  read: GlyphReader,
  afterDigit: boolean,
): Lookalikes | undefined {
  const letters: Letter[] = [];
  const glyph = emptyGlyph();
  let position = at;
  let next: number = Kind.cell;
  while (position < text.length) {
    read(text, position, glyph);
    next = glyph.kind;
    if (next < WEAK_KIND || next >= DIGIT_KIND) break;
    if (letters.length === 32) return undefined;
    letters.push({ value: next - WEAK_KIND, start: position, end: glyph.end, style: glyph.style });
    position = glyph.end;
    next = Kind.cell;
  }
  // "111Smith" may end in a misread digit, "111 Smith" may not.
  if (next === Kind.hard && !afterDigit) return undefined;
  const standsAlone = !afterDigit && next < DIGIT_KIND;
  return { letters, end: position, isShort: standsAlone && letters.length <= SHORT_WORD };
}

function skipMarks(text: string, at: number): number {
  let position = at;
  for (;;) {
    const codePoint = text.codePointAt(position);
    if (codePoint === undefined || !isMark(codePoint)) return position;
    position += codePoint > 0xffff ? 2 : 1;
  }
}
