import type { Field } from './fields.ts';
import { holdsWhatItsNameSays } from './named-fields.ts';
import type { Span } from './spans.ts';

/** Digits that end a line behind a label's mark: a filled-in line of a form. */
const filledLine =
  /(?:[:=>?)#]|\t| {2}|\.\.|__)[ \t]*([0-9OoIlSBZ][0-9OoIlSBZ .-]{0,23})[ \t_|]*(?=\r?\n|$)/g;
const LONGEST_LABEL = 120;

interface FilledLine extends Field {
  readonly start: number;
  readonly end: number;
}

/**
 * Numbers torn over the lines of a form, each part behind a label of its own ("Card 1: 4111", next line
 * "Card 2: 1111"). Lines belong together where nothing but a label stands between their values.
 */
export function scanFormLines(text: string, find: (fields: readonly Field[]) => Span[][]): Span[] {
  const spans: Span[] = [];
  for (const lines of groupLines(text)) {
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
  return groupLines(text).map((group) => {
    const end = group.at(-1)?.end ?? 0;
    return { start: group[0]?.start ?? 0, end: followsLabel(text.slice(end), true) ? Infinity : end };
  });
}

function groupLines(text: string): FilledLine[][] {
  const groups: FilledLine[][] = [];
  let previousEnd = 0;
  for (const match of text.matchAll(filledLine)) {
    const content = match[1] ?? '';
    const end = match.index + match[0].length;
    const valueAt = match.index + match[0].indexOf(content, 1);
    const between = text.slice(previousEnd, valueAt);
    const label = between.slice(between.lastIndexOf('\n') + 1);
    const line = { text: content, joins: !holdsWhatItsNameSays(label, content), start: valueAt, end };
    const group = groups.at(-1);
    if (group !== undefined && followsLabel(between, false)) group.push(line);
    else groups.push([line]);
    previousEnd = end;
  }
  return groups;
}

function followsLabel(between: string, isOpen: boolean): boolean {
  if (between.length > LONGEST_LABEL) return false;
  return /^\s*\n[^\n]*$/.test(between) || (isOpen && between.trim() === '');
}
