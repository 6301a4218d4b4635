/* eslint-disable security/detect-unsafe-regex -- every repetition is bounded, and growth.test.ts holds the time to the length */
import type { Finding, IdentifierKind } from './finding.ts';
import { matchesOf } from './matches.ts';

/** Digits with what people put between them. */
const DIGIT_RUN = /(?<![\p{L}\p{N}])[+(]?\d(?:[\s().\u200b-\u200d\u2060-]{0,3}\d)*(?![\p{L}\p{N}])|\d{5,}/gu;
/** A letter or two before or between the digits: NI numbers, passports, licences, policy numbers, plates. */
const LETTERED =
  /(?<![\p{L}\p{N}])(?:[A-CEGHJ-PR-TW-Z]{2}(?:\s?-?\d{2}){3}\s?-?[A-D]|[A-Z]{1,4}-?\d{5,12}[A-Z]{0,2}|[A-Z]{5}\d{6}[A-Z]{2}\d[A-Z]{2}|[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?)(?![\p{L}\p{N}])/giu;
// What is cheap to see is asked first: two digits ahead, then the label behind.
const LABELLED =
  /(?=#?[A-Z0-9/-]*\d[A-Z0-9/-]*\d)(?<=\b(?:mrn|nhs|ssn|id|ref(?:erence)?|policy|member(?:ship)?|account|acct|passport|licen[cs]e|patient|chart|record|claim|hospital|insurance|case|file|booking|invoice|customer)(?:\s?(?:no|num|number|nr|id|code|#))?\.?(?:\s?[:=#]|\sis|\swas)?\s{0,2})#?[A-Z0-9][A-Z0-9/-]{2,24}\b/giu;

const UNIT_BEHIND =
  /^\s?(?:%|mg|mcg|µg|ug|g|kg|ml|l|mm|cm|m|bpm|iu|units?|mmol|mmhg|percent|pounds|quid|euros|dollars|tablets?|steps|calories|kcal|years?|months?|weeks?|days?|hours?|minutes?|mins?|hrs?)(?![\p{L}])/iu;
const MONEY_BEFORE = /(?:[£$€]|\bgbp|\busd|\beur)\s?$/iu;
const PHONE_WORD =
  /\b(?:phone|tel|telephone|mobile|mob|cell|call|ring|text|fax|number|contact|reach|whatsapp|dial|landline)\b[^.?!\n]{0,30}$/iu;

/**
 * Telephone and other personal numbers. A run counts from six digits on, where it is no amount, dose or measure; shorter ones count behind
 * a label such as “ref” or “policy no.”. Runs inside of what was found already are not looked at.
 */
export function findNumbers(text: string, taken: readonly Finding[]): Finding[] {
  const free = (start: number, end: number): boolean =>
    !taken.some((finding) => start < finding.end && finding.start < end);
  const runs = matchesOf(text, DIGIT_RUN).flatMap((match): Finding[] => {
    const [run] = match;
    const end = match.index + run.length;
    const kind = classify(
      run,
      text.slice(Math.max(0, match.index - 60), match.index),
      text.slice(end, end + 12),
    );
    return kind === undefined || !free(match.index, end)
      ? []
      : [{ start: match.index, end, kind, source: 'form' }];
  });
  const others = [...matchesOf(text, LETTERED), ...matchesOf(text, LABELLED)]
    .filter((match) => /\d/u.test(match[0]) && free(match.index, match.index + match[0].length))
    .map((match): Finding => {
      return { start: match.index, end: match.index + match[0].length, kind: 'number', source: 'form' };
    });
  return [...runs, ...others];
}

function classify(run: string, before: string, behind: string): IdentifierKind | undefined {
  const digits = run.replace(/\D/gu, '');
  if (UNIT_BEHIND.test(behind) && digits.length < 9) return undefined;
  if (MONEY_BEFORE.test(before)) return undefined;
  if (/^\d{1,3}(?:\.\d{1,3}){1,2}$/u.test(run) && digits.length < 7) return undefined;
  if (
    /^[+(]|^0|^\d{3}[-.\s]\d{3}[-.\s]\d{4}$|^\d{3}-\d{4}$/u.test(run) &&
    digits.length >= 7 &&
    digits.length <= 15
  )
    return 'phone';
  if (PHONE_WORD.test(before) && digits.length >= 6 && digits.length <= 15) return 'phone';
  return digits.length >= 6 ? 'number' : undefined;
}
