/* eslint-disable security/detect-non-literal-regexp -- every repetition is bounded, and growth.test.ts holds the time to the length */
import type { Finding } from './finding.ts';
import { matchesOf } from './matches.ts';
import type { Token } from './tokens.ts';
import type { View } from './view.ts';
import { TRAIT } from './word-traits.ts';

/** So many spoken digits are no count of anything. */
const MIN_SPOKEN = 6;

/** “oh seven seven double oh nine”: numbers as voicemail writes them down. */
export function findSpokenNumbers(tokens: readonly Token[]): Finding[] {
  const findings: Finding[] = [];
  if (countSpoken(tokens) < MIN_SPOKEN) return findings;
  let from = 0;
  let digits = 0;
  for (let at = 0; at <= tokens.length; at += 1) {
    const token = tokens[at];
    const isWord = token !== undefined && (token.traits & TRAIT.spoken) !== 0;
    const begins = isWord || (token?.hasDigit === true && /^\d$/u.test(token.folded));
    const goesOn = at === from || token?.joint === 'space' || token?.joint === 'hyphen' || token?.joint === 'comma';
    if (begins && goesOn) {
      // “1, 2, 3, 4” is a count; figures between words are read along.
      if (isWord) digits += 1;
      continue;
    }
    const [first, last] = [tokens[from], tokens[at - 1]];
    if (digits >= MIN_SPOKEN && first !== undefined && last !== undefined)
      findings.push({ start: first.start, end: last.end, kind: 'phone', source: 'form' });
    digits = isWord ? 1 : 0;
    from = begins ? at : at + 1;
  }
  return findings;
} // prettier-ignore

function countSpoken(tokens: readonly Token[]): number {
  let count = 0;
  for (const { traits } of tokens) if ((traits & TRAIT.spoken) !== 0) count += 1;
  return count;
}

const WORD = '[a-z0-9_-]{1,40}';
/** “jo.doe @ example.org”, “jo [at] example (dot) com”. */
const SIGNED = new RegExp(
  String.raw`\b[a-z0-9][a-z0-9._+'-]{0,63} ?(?:@|\(at\)|\[at\]|\{at\}|<at>) ?${WORD}(?: ?(?:\.|\(dot\)|\[dot\]|\{dot\}| dot ) ?${WORD}){1,4}`,
  'g',
);
/** “jo dot doe at example dot com”. */
const SPOKEN = new RegExp(
  String.raw`\b[a-z0-9._+'-]{1,64}(?: (?:dot|underscore|dash|hyphen) ${WORD}){0,4} at ${WORD}(?:[. ]${WORD}){0,2} dot ${WORD}(?: dot ${WORD}){0,3}`,
  'g',
);

/** E-mail addresses as people say them, or write them for people alone. */
export function findSpokenEmails({ lower }: View, hasDot: boolean): Finding[] {
  const patterns = [
    ...(/[([{<]at[)\]}>]| @|@ /.test(lower) ? [SIGNED] : []),
    ...(hasDot && / at .{1,90} dot /u.test(lower) ? [SPOKEN] : []),
  ];
  return patterns.flatMap((pattern) =>
    matchesOf(lower, pattern).map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      kind: 'email',
      source: 'form',
    })),
  );
}
