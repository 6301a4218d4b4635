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

/**
 * Reads the one table of a Markdown register. It has exactly the named columns, in any order; text around it is for people.
 * @param columns in lower case
 * @throws ControlGateError `register-malformed`: no table, two tables, a missing, unknown or repeated column, a row of another width
 */
export function readTable(file: string, text: string, columns: readonly string[]): TableRow[] {
  if (text.length > largest) refuseFaults(file, [{ line: 1, what: 'it is longer than a register is' }]);
  const lines = text.split(/\r?\n/).map((content, at) => ({ line: at + 1, content }));
  const table = lines.filter(({ content }) => content.trim().startsWith('|'));
  const [heading, rule, ...rows] = table;
  if (heading === undefined || rule === undefined) {
    refuseFaults(file, [{ line: 1, what: 'it has no table' }]);
    return [];
  }
  const faults: RegisterFault[] = [];
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
