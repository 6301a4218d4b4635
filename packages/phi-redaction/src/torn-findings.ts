import type { Finding, IdentifierKind } from './finding.ts';
import { fold } from './fold.ts';
import type { KnownIdentifiers } from './known.ts';
import type { Joint, Range, Seamed } from './seamed-text.ts';
import { introducesName } from './seam-words.ts';
import { isOrdinaryWord, TRAIT, traitsOf } from './word-traits.ts';

/** What was found where several texts are read as one. */
export type Torn = Range &
  Pick<Finding, 'kind' | 'source'> & {
    /** It has the form of one number, whatever its pieces look like. */
    readonly isJudged?: true;
  };

/** The part of it that stands in one of the texts. */
export interface Share extends Range {
  /** Which text. */
  readonly index: number;
  readonly written: string;
  /** What it is found as there, without the others. */
  readonly foundAs: IdentifierKind | undefined;
}

const HAS_DIGIT = /\d/u;
const PLATE = /^[a-z]{1,2}\d{2} [a-z]{3}$/iu;
const HAS_LETTER = /\p{L}/u;
const SIGNIFICANT = /[\p{L}\p{N}]/u;
const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/** Whether what was found over a seam is one thing, and not two that stand side by side: “… 900123”, and then “Dear team”. */
export function isTorn(
  { text, seams, pieces }: Seamed,
  torn: Torn,
  shares: readonly Share[],
  joint: Joint,
  known: KnownIdentifiers | undefined,
): boolean {
  const { start, end, kind, source } = torn;
  const seam = seams.find((each) => start < each && each < end);
  if (seam === undefined)
    return kind === 'person' && joint === 'spaced' && seams.includes(start) && introducesName(text.slice(0, start));
  const written = text.slice(start, end);
  if (kind === 'person') return joint === 'glued' && isCutWord(text, seam) && isTornName(written, torn, shares, known);
  if (source === 'record') return true;
  const found = shares.filter(({ foundAs }) => foundAs !== undefined);
  switch (kind) {
    // Of links nobody can say where they end, but of an address in figures.
    case 'link':
      return !HAS_LETTER.test(written);
    case 'email':
      return isTornAddress(shares, joint);
    case 'date':
      return isTornDate(written, shares, joint === 'spaced' || isCutWord(text, seam), /[\d/.-]\d/u.test(text.slice(seam - 1, seam + 1)));
    case 'phone':
    case 'number':
      if (torn.isJudged === true) return found.every(({ foundAs }) => foundAs === 'phone' || foundAs === 'number');
      // As digits are said.
      if (!HAS_DIGIT.test(written)) return true;
      if (!HAS_LETTER.test(written) || (found.length > 0 && !/^\p{L}/u.test(written))) return false;
      break;
    default:
  }
  if (found.length > 0 && /[^\p{L}\p{N}/-]$/u.test(text.slice(0, seam))) return false;
  if (found.length > 0 && shares.some(({ foundAs, written: part }) => foundAs === undefined && !HAS_DIGIT.test(part))) return false;
  if (joint === 'glued' || !HAS_DIGIT.test(written)) return true;
  // “12 Orchard” and “Lane”, “AB12” and “CDE”.
  if (kind === 'address' ? found.length === 0 || /^\d/u.test(written) : PLATE.test(written)) return true;
  // “LS6”, and then “3HN” alone.
  return pieces.some((piece) => piece.start >= start && piece.end <= end);
} // prettier-ignore

const isCutWord = (text: string, seam: number): boolean =>
  /[\p{L}\p{M}]$/u.test(text.slice(0, seam)) && /^[\p{L}\p{M}]/u.test(text.slice(seam, seam + 2));

/**
 * A whole name of the record or a frequent one, of pieces that are not both words (“so did i”, “an hour”); else two pieces, of which one
 * was taken for a name and the other is no word.
 */
function isTornName(
  written: string,
  { source }: Torn,
  shares: readonly Share[],
  known: KnownIdentifiers | undefined,
): boolean {
  const word = fold(written);
  const isOfWords = shares.length < 3 && shares.every((share) => isOrdinaryWord(fold(share.written)));
  if (known !== undefined && (known.exact.has(word) || known.ordinary.has(word))) return !isOfWords || /^\p{Lu}/u.test(written);
  if (isOfWords) return false;
  const found = shares.filter(({ foundAs }) => foundAs !== undefined);
  if (source === 'record') return found.length === 0;
  if ((traitsOf(word) & (TRAIT.given | TRAIT.ordinary)) === TRAIT.given) return true;
  return found.length > 0 && shares.every((share) => share.foundAs !== undefined || wordsOf(share.written).every((each) => !isOrdinaryWord(each)));
} // prettier-ignore

const wordsOf = (written: string): string[] =>
  written
    .split(/[^\p{L}\p{M}]+/u)
    .map(fold)
    .filter((word) => word !== '');

/** “j.quill” and “quil” before “on@example.org”, “.uk” behind an address; but not “please” before one, or “Hello” behind. */
function isTornAddress(shares: readonly Share[], joint: Joint): boolean {
  const first = shares.findIndex(({ foundAs }) => foundAs !== undefined);
  return shares.every(({ foundAs, written }, at) => {
    if (foundAs !== undefined || first < 0) return true;
    if (joint === 'spaced') return false;
    return at > first ? written.startsWith('.') : /[._+\d-]/u.test(written) || !isOrdinaryWord(fold(written));
  });
}

function isTornDate(
  written: string,
  shares: readonly Share[],
  mayBeWords: boolean,
  isCutNumber: boolean,
): boolean {
  // “… on the 3”, and then “May I”.
  if (/^\d{1,2} ?may$/iu.test(written)) return false;
  return mayBeWords || isCutNumber || shares.every(({ foundAs }) => foundAs === undefined);
}

/** The parts of a range that stand in the texts of which the whole was made. */
export function listShares(
  { pieces }: Seamed,
  { start, end }: Range,
  texts: readonly string[],
  alone: readonly (readonly Finding[])[],
): Share[] {
  return pieces.flatMap((piece): Share[] => {
    if (piece.end <= start || piece.start >= end) return [];
    const move = piece.from - piece.start;
    const from = Math.max(start, piece.start) + move;
    const whole = (texts[piece.index] ?? '').slice(from, Math.min(end, piece.end) + move);
    if (!SIGNIFICANT.test(whole)) return [];
    const written = whole.trim();
    const first = from + whole.indexOf(written);
    const core = written.replaceAll(EDGES, '');
    const coreAt = first + written.indexOf(core);
    const found = alone[piece.index]?.find(
      (each) => each.start <= coreAt && coreAt + core.length <= each.end,
    );
    return [{ index: piece.index, start: first, end: first + written.length, written, foundAs: found?.kind }];
  });
}
