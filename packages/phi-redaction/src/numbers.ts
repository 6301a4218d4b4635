/* eslint-disable security/detect-possible-timing-attacks -- a token is a word of a text here, no secret */
/* eslint-disable security/detect-unsafe-regex -- every repetition is bounded, and growth.test.ts holds the time to the length */
import type { Finding, IdentifierKind } from './finding.ts';
import { matchesOf } from './matches.ts';
import type { Token } from './tokens.ts';
import type { View } from './view.ts';

/** Digits with what people put between them. */
const DIGIT_RUN = /[+(]?\d(?:[\s().-]{0,3}\d)*/g;
/** A letter or two before or between the digits: NI numbers, passports, licences, policy numbers, accounts. Asked where a word begins. */
const LETTERED =
  /(?:[a-ceghj-pr-tw-z]{2} ?-?\d{2} ?-?\d{2} ?-?\d{2} ?-?[a-d]|[a-z]{1,4}-?\d{5,12}[a-z]{0,2}|[a-z]{5}\d{6}[a-z]{2}\d[a-z]{2}|[a-z]{1,4}-\d{3,6}-\d{2,8}|[a-z]{2}\d{2} ?[a-z0-9]{4}(?: ?[a-z0-9]{4}){1,6}(?: ?[a-z0-9]{1,3})?)\b/y;
const PLATE = /[A-Z]{2}\d{2} ?[A-Z]{3}\b/y;
/** Behind a label, and a label’s “no.”, “is” or colon. */
const VALUE = /[a-z]{0,3}[/-]?[a-z0-9][a-z0-9/-]{2,24}\b/y;
const LOOSE_PLATE = /[a-z]{1,2}\d{2} ?[a-z]{3}\b/y;

export const LABELS: ReadonlySet<string> = new Set(
  'mrn nhs ssn social nino ni id ref reference policy member membership account acct a/c passport licence license patient chart record claim hospital insurance group case file booking invoice receipt docket certificate customer gdc gmc npi dea reg registration username login no num number nr code'.split(
    ' ',
  ),
);
const VEHICLES = new Set('reg registration plate vehicle car parking permit driver'.split(' '));

export const UNIT_BEHIND =
  /^ ?(?:%|mg|mcg|µg|μg|ug|g|kg|ml|l|mm|cm|m|bpm|iu|ppm|units?|mmol|mmhg|percent|pounds|quid|euros|dollars|tablets?|steps|calories|kcal|years?|months?|weeks?|days?|hours?|minutes?|mins?|hrs?)(?![a-z])/;
const MONEY_BEFORE = /(?:[£$€]|\bgbp|\busd|\beur) ?$/;
export const PHONE_WORD =
  /\b(?:phone|tel|telephone|mobile|mob|cell|call|ring|rang|text|txt|fax|number|contact|reach|whatsapp|dial|landline|home|work|m|t|on)\b[^.?!\n]{0,30}$/;
const YEARS = /^(?:19|20)\d{2}[\s-]{1,3}(?:19|20)\d{2}$/;

/**
 * Telephone and other personal numbers. A run counts from six digits on, where it is no amount, dose or measure; shorter ones count behind
 * a label such as “ref” or “policy no.”. What was found already is not looked at again.
 */
export function findNumbers({ text, lower }: View, tokens: readonly Token[], taken: readonly Finding[]): Finding[] {
  const open = blank(lower, taken);
  const lettered: Finding[] = [];
  tokens.forEach((token, at) => {
    if (!token.hasDigit || open.charAt(token.start) === TAKEN) return;
    const found = readLettered(text, open, tokens, at) ?? readLabelled(open, tokens, at);
    if (found !== undefined) lettered.push(found);
  });
  return [...lettered, ...readRuns(blank(open, lettered))];
} // prettier-ignore

const numberAt = (start: number, length: number): Finding => ({
  start,
  end: start + length,
  kind: 'number',
  source: 'form',
});

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** “TN 12 34 56 C”, “ABC12345678”, “W-1234-5678”, “AB12 CDE”. */
function readLettered(text: string, open: string, tokens: readonly Token[], at: number): Finding | undefined {
  const [token, before] = [tokens[at], tokens[at - 1]];
  if (token === undefined) return undefined;
  const apart = before !== undefined && !before.hasDigit && before.end - before.start <= 4;
  const start = apart && (token.joint === 'space' || token.joint === 'hyphen') ? before.start : token.start;
  for (const from of start === token.start ? [start] : [start, token.start]) {
    const length = lengthAt(LETTERED, open, from);
    if (length > 0 && /\d/u.test(open.slice(from, from + length))) return numberAt(from, length);
  }
  const plate = lengthAt(PLATE, text, token.start);
  return plate > 0 ? numberAt(token.start, plate) : undefined;
}

/** “ref no. 4711/B”: a label one to three words before. */
function readLabelled(open: string, tokens: readonly Token[], at: number): Finding | undefined {
  const token = tokens[at];
  if (token === undefined || token.joint === 'line') return undefined;
  const [first, second, third] = [tokens[at - 1]?.folded, tokens[at - 2]?.folded, tokens[at - 3]?.folded];
  const between = token.start - (tokens[at - 1]?.end ?? 0);
  if (first === undefined || between > 4) return undefined;
  const behind = first === 'is' || first === 'was' ? [second, third] : [first, /^(?:no|num|number|nr|id|code|permit|for|reg|ref)$/u.test(first) ? second : undefined];
  if (behind.some((word) => word !== undefined && VEHICLES.has(word))) {
    const plate = lengthAt(LOOSE_PLATE, open, token.start);
    if (plate > 0) return numberAt(token.start, plate);
  }
  const [label, before] = behind;
  const isLabel = label !== undefined && LABELS.has(label) && (!/^(?:no|num|number|nr|code)$/u.test(label) || (before !== undefined && LABELS.has(before)));
  if (!isLabel && !(before !== undefined && LABELS.has(before))) return undefined;
  const length = lengthAt(VALUE, open, token.start);
  return /\d.*\d.*\d/u.test(open.slice(token.start, token.start + length)) ? numberAt(token.start, length) : undefined;
} // prettier-ignore

/** A sign that stands in no pattern, in the place of what is known. */
const TAKEN = '\u0001';

function blank(text: string, taken: readonly Finding[]): string {
  if (taken.length === 0) return text;
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of taken.toSorted((a, b) => a.start - b.start)) {
    if (end <= from) continue;
    const begin = Math.max(start, from);
    parts.push(text.slice(from, begin), TAKEN.repeat(end - begin));
    from = end;
  }
  return parts.join('') + text.slice(from);
}

function readRuns(lower: string): Finding[] {
  return matchesOf(lower, DIGIT_RUN).flatMap(({ 0: run, index }): Finding[] => {
    const end = index + run.length;
    if (run.length < 5) return [];
    const kind = classify(run, lower.slice(Math.max(0, index - 60), index), lower.slice(end, end + 12));
    if (kind === undefined) return [];
    const [left, right] = growChunk(lower, index, end);
    return [{ start: left, end: right, kind, source: 'form' }];
  });
}

function classify(run: string, before: string, behind: string): IdentifierKind | undefined {
  const digits = run.replace(/\D/gu, '');
  if (digits.length < 6 || (UNIT_BEHIND.test(behind) && digits.length < 9)) return undefined;
  if (MONEY_BEFORE.test(before) || isTable(run, digits) || YEARS.test(run)) return undefined;
  const phoneLike = /^[+(]|^0|^\d{3}[-.\s]\d{3}[-.\s]\d{4}$|^\d{3}-\d{4}$|^1[-.\s]\d{3}[-.\s]/u.test(run);
  if (digits.length > 15) return 'number';
  if (phoneLike && digits.length >= 7) return 'phone';
  return PHONE_WORD.test(before) ? 'phone' : 'number';
}

/** Depths of pockets and screening codes: “3 2 3 4 5 4”, “212 323”; decimals such as “12.5.3”. */
function isTable(run: string, digits: string): boolean {
  if (digits.length < 7 && /^\d{1,3}(?:\.\d{1,3}){1,2}$/u.test(run)) return true;
  const groups = run.split(/[\s().-]+/u).filter((group) => group !== '');
  if (groups.every((group) => group.length === 1)) return digits.length < 9;
  return groups.length > 1 && groups.every((group) => /^[0-6]{3}$/u.test(group)) && !run.includes('-');
}

/** “C/332299”, “REF-1234567X”: letters and strokes that are tied to a number belong to it. */
function growChunk(text: string, start: number, end: number): readonly [number, number] {
  const before = /[a-z]{1,6}[/-]?$/u.exec(text.slice(Math.max(0, start - 8), start))?.[0] ?? '';
  const behind = /^[/-]?[a-z0-9]{1,6}(?![a-z0-9])/u.exec(text.slice(end, end + 9))?.[0] ?? '';
  return [start - before.length, end + behind.length];
}
