import { pick, randomInteger, type Random } from './numbers.ts';

/** One way to write a number; the bench and the recall table measure each by itself. */
export interface Disguise {
  readonly name: string;
  readonly apply: (digits: string, random: Random) => string;
}

const scripts: readonly [number, ...number[]] = [
  0xff10, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x1040, 0x17e0, 0x1d7ce, 0x1d7f6,
];
export const separators: readonly [string, ...string[]] = [
  ' ',
  '-',
  '.',
  '/',
  '\u00a0',
  '\u2009',
  '\u202f',
  '\u3000',
  '\t',
  '\n',
  '\r\n',
  '\u2028',
  '\u200b',
  '\u2060',
  '\u00ad',
  '\u2013',
  '\u2014',
  '\u2212',
  '_',
  '·',
  '\\',
  '&nbsp;',
  '&#160;',
  '&#x2009;',
  '&ndash;',
  '%20',
  '%C2%A0',
  '\\n',
  '\\u00a0',
];
const runs: readonly [string, ...string[]] = [
  ' - ',
  '  ',
  ' / ',
  '. ',
  '\n\n',
  '-\u200b-',
  '\u00a0\u00a0',
  ' \u2013 ',
  '--',
  '\t\t',
  '&nbsp;&nbsp;',
  ' . ',
];

const longestFirst = [...runs, ...separators].toSorted((a, b) => b.length - a.length);

/** What {@link composeDisguise} wrote, without what it put between the digits. */
export function dropSeparators(text: string): string {
  return longestFirst.reduce((left, separator) => left.replaceAll(separator, ''), text);
}

export function toScript(digits: string, zero: number): string {
  return Array.from(digits, (digit) => String.fromCodePoint(zero + Number(digit))).join('');
}

/** The groups that are printed on cards of this length. */
export function printedGroups(digits: string): string[] {
  const sizes = digits.length === 15 ? [4, 6, 5] : digits.length === 14 ? [4, 6, 4] : [4, 4, 4, 4, 4];
  const groups: string[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at < digits.length) groups.push(digits.slice(at, at + size));
    at += size;
  }
  return groups;
}

/** Letters in the place of at most half of the digits. */
export function misread(digits: string, random: Random): string {
  const letters: Readonly<Record<string, string>> = { '0': 'O', '1': 'Il', '2': 'Z', '5': 'S', '8': 'B' };
  let left = Math.floor(digits.replaceAll(' ', '').length / 2);
  return Array.from(digits, (digit) => {
    const choices = letters[digit];
    if (choices === undefined || left === 0 || random() < 0.3) return digit;
    left--;
    return choices[Math.floor(random() * choices.length)] ?? digit;
  }).join('');
}

export function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function escapeEach(digits: string, escape: (code: number) => string): string {
  return Array.from(digits, (digit) => escape(digit.charCodeAt(0))).join('');
}

function tear(digits: string, random: Random, join: string): string {
  const at = randomInteger(random, 1, digits.length - 1);
  return digits.slice(0, at) + join + digits.slice(at);
}

const grouped =
  (separator: string) =>
  (digits: string): string =>
    printedGroups(digits).join(separator);

export const disguises: readonly [Disguise, ...Disguise[]] = [
  { name: 'solid', apply: (digits) => digits },
  { name: 'spaces', apply: grouped(' ') },
  { name: 'hyphens', apply: grouped('-') },
  { name: 'dots', apply: grouped('.') },
  { name: 'slashes', apply: grouped('/') },
  { name: 'no-break spaces', apply: grouped('\u00a0') },
  { name: 'thin spaces', apply: grouped('\u2009') },
  { name: 'one line break at any place', apply: (digits, random) => tear(digits, random, '\n') },
  { name: 'zero-width characters', apply: (digits) => Array.from(digits).join('\u200b') },
  { name: 'runs of separators', apply: (digits, random) => printedGroups(digits).join(pick(random, runs)) },
  {
    name: 'a different separator each time',
    apply: (digits, random) =>
      printedGroups(digits).reduce((text, group) => text + pick(random, separators) + group),
  },
  { name: 'digits of another script', apply: (digits, random) => toScript(digits, pick(random, scripts)) },
  { name: 'one digit at a time', apply: (digits) => Array.from(digits).join(' ') },
  { name: 'letters glued on', apply: (digits) => `CARD${digits}exp` },
  { name: 'underscores glued on', apply: (digits) => `ref_${digits}_x` },
  { name: 'a year in front', apply: (digits) => `2024 ${grouped(' ')(digits)}` },
  { name: 'an expiry behind', apply: (digits) => `${grouped(' ')(digits)} 12/27` },
  { name: 'track data', apply: (digits) => `%B${digits}^DOE/JO^27121010000?;${digits}=27121010000?` },
  { name: 'OCR confusions', apply: (digits, random) => misread(grouped(' ')(digits), random) },
  { name: 'HTML entities', apply: (digits) => escapeEach(digits, (code) => `&#${code};`) },
  { name: 'URL escapes', apply: (digits) => escapeEach(digits, (code) => `%${code.toString(16)}`) },
  { name: 'JSON escapes', apply: (digits) => escapeEach(digits, (code) => `\\u00${code.toString(16)}`) },
  { name: 'base64', apply: (digits) => toBase64(`card ${digits} x`) },
  { name: 'cells of a table', apply: grouped(' | ') },
  { name: 'cells of an HTML table', apply: grouped('</td><td>') },
  {
    name: 'lines of a form',
    apply: (digits) =>
      printedGroups(digits)
        .map((group, at) => `Part ${at + 1}: ${group}\n`)
        .join(''),
  },
  { name: 'two in a row', apply: (digits) => `${grouped(' ')(digits)} ${grouped(' ')(digits)}` },
];

/** A number in a composition of scripts, groupings, separators, escapes and misreadings, with nothing around it. */
export function composeDisguise(digits: string, random: Random): string {
  const groups = pick(random, [
    () => [digits],
    () => printedGroups(digits),
    () => Array.from(digits),
    () => joinSome(printedGroups(digits), random),
    () => tear(digits, random, '|').split('|'),
  ] as const)();
  const glyphs = pick(random, [
    (group: string) => group,
    (group: string) => toScript(group, pick(random, scripts)),
    (group: string) => escapeEach(group, (code) => `&#x${code.toString(16)};`),
    (group: string) => escapeEach(group, (code) => `%25${code.toString(16)}`),
    (group: string) => escapeEach(group, (code) => `\\\\u00${code.toString(16)}`),
    (group: string) => Array.from(group).join('\u200d'),
  ] as const);
  const read =
    groups.length === 1 || groups.length === digits.length ? groups : misreadGroups(groups, random);
  const written = random() < 0.7 ? groups.map(glyphs) : read;
  const one = pick(random, separators);
  const mixed = random() < 0.4;
  const between = (): string => (mixed ? pick(random, [...separators, ...runs]) : one);
  return written.reduce((text, group) => text + between() + group);
}

function joinSome(groups: readonly string[], random: Random): string[] {
  const joined: string[] = [];
  for (const group of groups) {
    if (joined.length > 0 && random() < 0.4) joined.push((joined.pop() ?? '') + group);
    else joined.push(group);
  }
  return joined;
}

function misreadGroups(groups: readonly string[], random: Random): string[] {
  const all = misread(groups.join(' '), random);
  return all.split(' ');
}
