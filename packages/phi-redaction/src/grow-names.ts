/* eslint-disable security/detect-possible-timing-attacks -- a token is a word of a text here, no secret */
import type { Finding } from './finding.ts';
import { GIVEN_NAMES } from './given-names.ts';
import { isSlip, type NameSearch } from './name-search.ts';
import { isNoName } from './ordinary-words.ts';
import {
  GREETINGS,
  NAME_LABELS,
  PARTICLES,
  PLACE_HEADS,
  SAID,
  SURE_PARTICLES,
  TITLES,
} from './people-context.ts';
import { beginsSentence, standBeside, type Token } from './tokens.ts';
import { TRAIT } from './word-traits.ts';

export const MARK = { none: 0, context: 1, record: 2 } as const;
export type Mark = (typeof MARK)[keyof typeof MARK];

/** Takes the other parts of a name along: “Rose” of “Rose Okonkwo”, “Baker” of “Priya Baker”, initials, “van der”. */
export function growNames(search: NameSearch, sure: readonly Mark[]): Finding[] {
  const { tokens } = search;
  const grown = [...sure];
  markSpelled(tokens, grown);
  if (grown.every((mark) => mark === MARK.none)) return [];
  // From the end, so that each part of “van der” sees the next.
  for (let at = tokens.length - 1; at >= 0; at -= 1)
    if (grown[at] === MARK.none && belongsToName(search, sure, grown, at)) grown[at] = MARK.context;
  // “Şahin-Ndlovu” behind “Sigrid”: what a hyphen joins is one name.
  tokens.forEach((token, at) => {
    if (
      grown[at] === MARK.none &&
      token.joint === 'hyphen' &&
      hasName(grown, at - 1) &&
      (token.capital || !token.ordinary) &&
      !token.hasDigit
    )
      grown[at] = MARK.context;
  });
  return readFindings(search, grown);
}

const isCommon = ({ traits }: Token): boolean => (traits & TRAIT.common) !== 0;
const hasName = (marks: readonly Mark[], at: number): boolean => (marks[at] ?? MARK.none) !== MARK.none;

function belongsToName(
  search: NameSearch,
  sure: readonly Mark[],
  grown: readonly Mark[],
  at: number,
): boolean {
  const [token, after] = [search.tokens[at], search.tokens[at + 1]];
  if (token === undefined || token.hasDigit || token.foreign) return false;
  const { folded } = token;
  const nameBefore =
    hasName(sure, at - 1) ||
    (search.tokens[at - 1]?.shouted === false && token.joint === 'initial' && hasName(sure, at - 2));
  const nameAfter = hasName(grown, at + 1) && after !== undefined;
  if (!nameBefore && !nameAfter) return false;
  if (folded.length === 1) return isInitial(search, at, nameBefore, nameAfter);
  if (nameAfter && PARTICLES.has(folded) && standBeside(after))
    return SURE_PARTICLES.has(folded) || nameBefore || after.joint === 'hyphen';
  if (isNoName(folded) || NAME_LABELS.has(folded) || GREETINGS.has(folded)) return false;
  const genitive = search.tokens[at - 1]?.genitive === true;
  if (nameBefore && !genitive && standBeside(token) && goesOn(search, sure, at)) return true;
  if (!nameAfter || (sure[at + 1] ?? MARK.none) === MARK.none) return false;
  if (standBeside(after)) return beginsName(search, token);
  // “Frost, Amira”
  return (
    after.joint === 'comma' &&
    token.capital &&
    folded.length > 2 &&
    beginsSurname(search, token) &&
    !isCommon(token)
  );
}

function beginsSurname({ letters }: NameSearch, token: Token): boolean {
  return beginsSentence(token) || (letters === 'mixed' && token.shouted && token.end - token.start > 3);
}

function isInitial(
  { view, letters, tokens }: NameSearch,
  at: number,
  nameBefore: boolean,
  nameAfter: boolean,
): boolean {
  const [before, token, after] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (token === undefined) return false;
  const stopped = view.text.charAt(token.end) === '.';
  const written = token.capital || (letters === 'lower' && stopped);
  if (nameAfter && after !== undefined && /^(?:space|initial|hyphen)$/u.test(after.joint))
    return (
      (before !== undefined && TITLES.has(before.folded)) ||
      (written && (stopped || token.capital || !/^[aix]$/u.test(token.folded)))
    );
  // “Holloway, A.”, but not “Holloway, d.o.b.”
  const alone = !/[\p{L}\p{N}]/u.test(view.text.charAt(token.end + 1));
  return nameBefore && written && stopped && alone && (token.joint === 'comma' || token.joint === 'space');
}

/** Behind a given name: a word with a capital, or one that English does not have. */
function goesOn(search: NameSearch, sure: readonly Mark[], at: number): boolean {
  const { letters, tokens, view } = search;
  const [token, after] = [tokens[at], tokens[at + 1]];
  if (token === undefined) return false;
  if (PLACE_HEADS.has(token.folded)) return false;
  if (letters === 'mixed') {
    if (!token.capital || (token.shouted && token.end - token.start < 4)) return false;
    if (!token.ordinary) return true;
    // “Amira Date: …”, “Nadia Brandt Policy”: the next field, and a third word that is one.
    const isLabel = view.text.charAt(token.end) === ':';
    const isThird =
      tokens[at - 2] !== undefined && hasName(sure, at - 2) && standBeside(tokens[at - 1] ?? token);
    return !isLabel && !isThird && !/(?:ed|ing|ly)$/u.test(token.folded);
  }
  if (!token.ordinary) return true;
  // “quillon frost” at the end of a phrase.
  const ends = after === undefined || !standBeside(after);
  return ends && !isCommon(token) && !SAID.has(token.folded) && !/(?:ed|ing|ly|s)$/u.test(token.folded);
}

/** Before a family name: a given name, or a word that English does not have. */
function beginsName(search: NameSearch, token: Token): boolean {
  const given = GIVEN_NAMES.has(token.folded) || !token.ordinary;
  if (search.letters !== 'mixed') return given && !isCommon(token) && !isSlip(search, token);
  return token.capital && (given || (token.shouted && token.end - token.start > 3));
}

/** “H-O-L-L-O-W-A-Y”: four single letters or more in a row. */
function markSpelled(tokens: readonly Token[], marks: Mark[]): void {
  let from = 0;
  for (let at = 0; at <= tokens.length; at += 1) {
    const token = tokens[at];
    const single = token !== undefined && token.end - token.start === 1 && !token.hasDigit;
    const goes = single && (at === from || standBeside(token) || token.joint === 'dot');
    if (goes) continue;
    if (at - from >= 4) marks.fill(MARK.context, from, at);
    from = single ? at : at + 1;
  }
}

/** One finding a word; an initial goes with its name, and what a hyphen joins stays together. */
function readFindings({ tokens }: NameSearch, marks: readonly Mark[]): Finding[] {
  const findings: Finding[] = [];
  let open = false;
  tokens.forEach((token, at) => {
    const mark = marks[at] ?? MARK.none;
    const last = findings.at(-1);
    if (mark === MARK.none) open = false;
    else if (last !== undefined && open) {
      const source = mark === MARK.record ? 'record' : last.source;
      findings[findings.length - 1] = { ...last, end: token.end, source };
    } else
      findings.push({
        start: token.start,
        end: token.end,
        kind: 'person',
        source: mark === MARK.record ? 'record' : 'context',
      });
    const after = tokens[at + 1];
    open = mark !== MARK.none && after !== undefined && sticks(token, after);
  });
  return findings;
}

function sticks(token: Token, after: Token): boolean {
  if (after.joint === 'hyphen') return true;
  return token.end - token.start === 1 && (after.joint === 'space' || after.joint === 'initial');
} // prettier-ignore
