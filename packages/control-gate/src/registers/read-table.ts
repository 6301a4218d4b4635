import { ControlGateError } from '../error.ts';

/** A row by its column, with the line of the file it stands on. */
export interface TableRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface RegisterFault {
  readonly line: number;
  readonly what: string;
}

/** @throws ControlGateError `register-malformed`, with every fault and its line */
export function refuseFaults(file: string, faults: readonly RegisterFault[]): void {
  if (faults.length === 0) return;
  const [first] = faults;
  throw new ControlGateError(
    'register-malformed',
    `${file} cannot be relied on, line ${first?.line ?? 1}: ${first?.what ?? ''}. Correct it.`,
    { detail: faults.map(({ line, what }) => `${file}:${line}: ${what}`).join('\n') },
  );
}

const largest = 1_000_000;
const cellsOf = (line: string): string[] =>
  line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|').map((cell) => cell.trim()); // prettier-ignore

/** Line ends that some readers take for one and others do not, and what hides a part of a page from who looks at it drawn. */
const hiding: readonly (readonly [RegExp, string])[] = [
  [/\r/, 'a line has an end that not every reader takes for one'],
  [/<!--|-->|<\/?(table|tr|td|th|details|template|style|script)\b/i, 'markup hides or imitates a part of it'],
  [/^ {0,3}(```|~~~)/, 'a block of code hides a part of it'],
  // The rule of a table without its outer bars: drawn as a table, and never read as one.
  [/^ {0,3}:?-+:? *\|/, 'a register has one table, with bars at both its sides'],
];
/** What nobody sees, or what looks like a space and is none. */
const unseen = /\p{C}|(?! )\p{Z}/u;

/**
 * What a register says to programs must be what it shows to people: everything that could make the two differ is an error.
 * @returns every fault, with its line
 */
export function findHidden(text: string): RegisterFault[] {
  return text.split(/\r?\n/).flatMap((content, at) => {
    const line = at + 1;
    const faults = hiding.filter(([form]) => form.test(content)).map(([, what]) => ({ line, what }));
    if (!content.includes('|')) return faults;
    if (unseen.test(content)) faults.push({ line, what: 'the row has a character that nobody sees' });
    if (content.includes('\\')) faults.push({ line, what: 'the row has a bar that is none (a backslash)' });
    if (/^(\t| {4,})/.test(content))
      faults.push({ line, what: 'the row is drawn as code: begin it at the margin' });
    return faults;
  });
}

/**
 * Reads the one table of a Markdown register. It has exactly the named columns, in any order; text around it is for people.
 * @param columns in lower case
 * @throws ControlGateError `register-malformed`: no table, two tables, a missing, unknown or repeated column, a row of another width,
 *   anything that shows people something else than it says to programs
 */
export function readTable(file: string, text: string, columns: readonly string[]): TableRow[] {
  if (text.length > largest) refuseFaults(file, [{ line: 1, what: 'it is longer than a register is' }]);
  // A mark of the byte order at the very beginning is no part of the text (Unicode 23.8).
  const own = text.replace(/^\ufeff/, '');
  const lines = own.split(/\r?\n/).map((content, at) => ({ line: at + 1, content }));
  const table = lines.filter(({ content }) => content.trim().startsWith('|'));
  const [heading, rule, ...rows] = table;
  if (heading === undefined || rule === undefined) {
    refuseFaults(file, [{ line: 1, what: 'it has no table' }]);
    return [];
  }
  const faults = findHidden(own);
  // A row may lack its first bar and is still drawn as one.
  const after = lines[table.at(-1)?.line ?? 0];
  if (after !== undefined && after.content.trim() !== '')
    faults.push({ line: after.line, what: 'a table ends with an empty line' });
  const names = cellsOf(heading.content).map((cell) => cell.toLowerCase());
  for (const name of columns.filter((each) => !names.includes(each)))
    faults.push({ line: heading.line, what: `the column "${name}" is missing` });
  names.forEach((name, at) => {
    if (!columns.includes(name))
      faults.push({ line: heading.line, what: `the column "${name}" is not known` });
    else if (names.indexOf(name) !== at)
      faults.push({ line: heading.line, what: `the column "${name}" is there twice` });
  });
  if (!cellsOf(rule.content).every((cell) => /^:?-+:?$/.test(cell)))
    faults.push({ line: rule.line, what: 'the line under the heading is not one of dashes' });
  table.slice(1).forEach(({ line }, at) => {
    if (line !== heading.line + at + 1) faults.push({ line, what: 'a register has one table, without gaps' });
  });
  for (const { line, content } of rows)
    if (cellsOf(content).length !== names.length)
      faults.push({ line, what: `the row has ${cellsOf(content).length} cells, not ${names.length}` });
  refuseFaults(file, faults);
  return rows.map(({ line, content }) => {
    const cells = cellsOf(content);
    return { line, cells: Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])) };
  });
}
