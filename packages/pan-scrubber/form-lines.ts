import { mayHoldPart, type Field } from './fields.ts';
import { holdsWhatItsNameSays } from './named-fields.ts';
import { LONGEST } from './networks.ts';
import type { Span } from './spans.ts';

/** Digits that end a line behind a label's mark, or behind the number of a list's line: a filled-in line of a form. */
const filledLine =
  /(?:[:=>?)#\t]| {2}|\.\.|__|^ {0,8}\d\d?\. )[ \t]*([0-9OoIlSBZ][0-9OoIlSBZ .-]{0,23})[ \t_|]*$/;
/** No value with its mark and blanks is longer. */
const LONGEST_END = 64;
const LONGEST_LABEL = 120;
/** Lines examined as one window; the next window overlaps it by the last few lines that contain digits. */
const MOST_LINES = 4096;
/** Before a value, the words that may say what it is. */
export const LONGEST_NAME = 48;

interface FilledLine extends Field {
  readonly start: number;
  readonly end: number;
}

/**
 * Numbers torn over the lines of a form, each part behind a label of its own ("Card 1: 4111", next line
 * "Card 2: 1111"). Lines belong together where nothing but a label stands between their values.
 */
export function findInFormLines(text: string, find: (fields: readonly Field[]) => Span[][]): Span[] {
  const spans: Span[] = [];
  for (const { lines } of groupLines(text)) {
    if (lines.length < 2) continue;
    find(lines).forEach((found, index) => {
      const start = lines[index]?.start ?? 0;
      for (const span of found) spans.push({ ...span, start: span.start + start, end: span.end + start });
    });
  }
  return spans;
}

/** Lines that belong together, from the first value to the last; without end where the next piece may go on. */
export function findLineGroups(text: string): { readonly start: number; readonly end: number }[] {
  return Array.from(groupLines(text), ({ lines, end }) => ({
    start: lines[0]?.start ?? 0,
    end: followsLabel(text.slice(end), true) ? Infinity : end,
  }));
}

interface LineGroup {
  readonly lines: readonly FilledLine[];
  /** Where the last line that belongs to it ends. */
  readonly end: number;
}

function* groupLines(text: string): Generator<LineGroup> {
  let lines: FilledLine[] = [];
  let end = 0;
  for (let lineStart = 0; lineStart < text.length;) {
    const lineBreak = text.indexOf('\n', lineStart);
    const lineEnd = lineBreak < 0 ? text.length : lineBreak;
    const line = readLine(text, lineStart, text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd);
    lineStart = lineEnd + 1;
    if (line === undefined) continue;
    const follows = end > 0 && followsLabel(text.slice(end, line.start), false);
    if (!follows || lines.length === MOST_LINES) {
      if (lines.length > 0) yield { lines, end };
      lines = follows ? lines.slice(-LONGEST) : [];
    }
    end = line.end;
    // Letters alone are no part of a number, but the lines around them belong together.
    if (mayHoldPart(line.text)) lines.push(line);
  }
  if (lines.length > 0) yield { lines, end };
}

function readLine(text: string, lineStart: number, lineEnd: number): FilledLine | undefined {
  if (lineEnd - lineStart < 2 || !mayEndValue(text.charCodeAt(lineEnd - 1))) return undefined;
  const from = Math.max(lineStart, lineEnd - LONGEST_END);
  const match = filledLine.exec(text.slice(from, lineEnd));
  const content = match?.[1];
  if (match === null || content === undefined) return undefined;
  const start = from + match.index + match[0].indexOf(content, 1);
  const name = readName(text, lineStart, start);
  return { text: content, joins: !holdsWhatItsNameSays(name, content), start, end: lineEnd };
}

/** The words before a value, without the rest of a word that began earlier. */
function readName(text: string, lineStart: number, end: number): string {
  const start = Math.max(lineStart, end - LONGEST_NAME);
  const name = text.slice(start, end);
  const isCut = start > lineStart && /\p{L}/u.test(text[start - 1] ?? '');
  return isCut ? name.replace(/^\p{L}+/u, '') : name;
}

/** A digit, one of the letters that are misread for digits, or what a form draws behind a value. */
function mayEndValue(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || 'OoIlSBZ .-\t_|'.includes(String.fromCharCode(code));
}

function followsLabel(between: string, isOpen: boolean): boolean {
  if (between.length > LONGEST_LABEL) return false;
  return /^\s*\n[^\n]*$/.test(between) || (isOpen && between.trim() === '');
}
