/* eslint-disable security/detect-possible-timing-attacks -- a token is a word of a text here, no secret */
import type { Finding } from './finding.ts';
import { growNames, type Mark, MARK } from './grow-names.ts';
import { hidesKnownName, isKnownName, type KnownIdentifiers } from './known.ts';
import { isSlip, MOST_SLIPS, type NameSearch } from './name-search.ts';
import { CONTEXT, readContext, type ContextStrength } from './name-context.ts';
import { EPONYM_HEADS, EPONYMS, PLACE_HEADS, PRODUCT_HEADS, SAID } from './people-context.ts';
import { beginsSentence, standBeside, type Token } from './tokens.ts';
import type { View } from './view.ts';
import { TRAIT } from './word-traits.ts';

/**
 * Names: those of the record, and those of people whom no record tells of, by what stands around them and because English does not
 * have the word.
 */
export function findNames(
  view: View,
  tokens: readonly Token[],
  known: KnownIdentifiers | undefined,
): Finding[] {
  const search: NameSearch = { view, tokens, ...readLetters(tokens), known, slipsLeft: MOST_SLIPS };
  const marks = tokens.map((_, at): Mark => markName(search, at));
  markRepeated(tokens, marks);
  return growNames(search, marks);
}

function readLetters(tokens: readonly Token[]): Pick<NameSearch, 'letters' | 'inOtherAlphabet'> {
  let [words, capitals, shouted, foreign] = [0, 0, 0, 0];
  for (const token of tokens) {
    if (token.hasDigit || token.end - token.start < 2) continue;
    words += 1;
    if (token.foreign) foreign += 1;
    if (token.shouted) shouted += 1;
    else if (token.capital) capitals += 1;
  }
  const inOtherAlphabet = foreign * 2 >= words && foreign > 3;
  if (words > 2 && shouted > words * 0.7) return { letters: 'upper', inOtherAlphabet };
  return { letters: capitals === 0 && shouted <= words / 4 ? 'lower' : 'mixed', inOtherAlphabet };
}

function markName(search: NameSearch, at: number): Mark {
  const token = search.tokens[at];
  if (token === undefined || isPlainWord(search, token, at)) return MARK.none;
  if (token.hasDigit)
    return search.known !== undefined && hidesKnownName(search.known, token.folded) ? MARK.record : MARK.none;
  if (search.known !== undefined && isKnownName(search, search.known, at)) return MARK.record;
  return isSurelyName(search, token, at) ? MARK.context : MARK.none;
}

/** An everyday word in lower case is a name behind a title, in a field or of the record alone: most words end here. */
function isPlainWord({ tokens, known }: NameSearch, token: Token, at: number): boolean {
  return (
    token.ordinary &&
    !token.capital &&
    !token.foreign &&
    token.joint !== 'stop' &&
    known?.ordinary.has(token.folded) !== true &&
    ((tokens[at - 1]?.traits ?? 0) & TRAIT.title) === 0
  );
}

function isSurelyName(search: NameSearch, token: Token, at: number): boolean {
  const { folded, ordinary, foreign, traits } = token;
  if (foreign) return isForeignName(search, token, at);
  if (folded.length < 2 || (traits & (TRAIT.title | TRAIT.particle)) !== 0) return false;
  const context = readContext(search.tokens, at);
  if (context === CONTEXT.field) return !NO_NAMES.has(folded);
  if (ordinary) return isNameThatIsAWord(search, token, at, context);
  if ((traits & TRAIT.given) !== 0) return true;
  if (isEponym(search.tokens, at) || isBrand(search, token, at)) return false;
  // In a text with small letters a short word of capitals is an abbreviation.
  if (search.letters === 'mixed' && token.shouted && folded.length < 5 && context < CONTEXT.title)
    return false;
  if (context >= CONTEXT.strong) return true;
  if (search.letters !== 'mixed') return folded.length > 2 && !isSlip(search, token);
  if (token.shouted) return context === CONTEXT.likely && folded.length > 2;
  if (!token.capital) return context === CONTEXT.likely && !isSlip(search, token);
  return !beginsSentence(token) || isNamed(search, at) || isSubject(search, at) || !isSlip(search, token);
}

/** A word of another alphabet in an English text is a name; a text in another language has capitals on names, and where sentences begin. */
function isForeignName({ tokens, letters, view, inOtherAlphabet }: NameSearch, token: Token, at: number): boolean {
  const { start, end, capital } = token;
  const hasCase = view.text.slice(start, end).toUpperCase() !== view.lower.slice(start, end);
  if (!hasCase) return !inOtherAlphabet;
  if (!inOtherAlphabet) return capital || letters === 'lower';
  const after = tokens[at + 1];
  return capital && (!beginsSentence(token) || (after?.capital === true && after.joint === 'space'));
} // prettier-ignore

/** Of the words that fields hold in a name’s place, and that follow a title. */
const NO_NAMES = new Set('and or who is was has had will would can could may for to in on at the said says rang called of a an n no none unknown as same above see my your if please'.split(' ')); // prettier-ignore

const MONTHS_TOO = new Set(['april', 'may', 'june', 'august']);

/** “Rose”, “Mr Bell”, “mrs frost”: an ordinary word is a name behind a title, or where it has a capital for no other reason. */
function isNameThatIsAWord(search: NameSearch, token: Token, at: number, context: ContextStrength): boolean {
  const { folded, capital } = token;
  if (NO_NAMES.has(folded) || (MONTHS_TOO.has(folded) && context < CONTEXT.likely)) return false;
  const capitalCounts = capital && search.letters !== 'upper';
  if (capitalCounts && isBeforeInitial(search, at)) return true;
  if (context === CONTEXT.title)
    return (
      capitalCounts ||
      (token.traits & TRAIT.common) === 0 ||
      search.tokens[at - 1]?.folded.startsWith('m') === true
    );
  if ((token.traits & TRAIT.given) === 0 || !capitalCounts) return false;
  if (context >= CONTEXT.likely) return true;
  const after = search.tokens[at + 1];
  return !beginsSentence(token) && !(after !== undefined && PLACE_HEADS.has(after.folded));
}

/** “Pope, V.” */
function isBeforeInitial({ view, tokens }: NameSearch, at: number): boolean {
  const after = tokens[at + 1];
  return after?.joint === 'comma' && after.capital && after.end - after.start === 1 && view.text.charAt(after.end) === '.';
} // prettier-ignore

/** The next word has a capital too, and is none that English has: “Agnieska Holloway”. */

/** “Chidi gave me …”, “Anaïs” alone on the last line. */
function isSubject({ tokens }: NameSearch, at: number): boolean {
  const after = tokens[at + 1];
  return after === undefined || (after.joint === 'line' && tokens[at]?.joint === 'line') || (after.joint === 'space' && SAID.has(after.folded));
} // prettier-ignore

function isNamed({ tokens }: NameSearch, at: number): boolean {
  const after = tokens[at + 1];
  return after !== undefined && standBeside(after) && after.capital && !after.ordinary && !after.shouted;
}

/** “Bell’s palsy”, “Marfan syndrome”: nobody’s. */
function isEponym(tokens: readonly Token[], at: number): boolean {
  const [token, after] = [tokens[at], tokens[at + 1]];
  if (token === undefined) return false;
  if (EPONYMS.has(token.folded)) return true;
  if (after === undefined || !standBeside(after)) return false;
  const { folded } = after;
  return EPONYM_HEADS.has(folded) || (token.genitive && /(?:itis|oma|osis|aemia|emia|opathy)$/u.test(folded));
}

/** A capital inside, where no name has one: “ClearCorrect”. */
const INNER_CAPITAL =
  /^(?!(?:Mac|Mc|De|Di|Du|La|Le|Van|Von|Fitz|O|D|L|St|Al|El|Ja|Ka|Sha|Ta)['’]?\p{Lu})\p{Lu}\p{Ll}+\p{Lu}/u;

function isBrand(search: NameSearch, { start, end, joint }: Token, at: number): boolean {
  const { tokens, view } = search;
  if (search.letters === 'mixed' && INNER_CAPITAL.test(view.text.slice(start, Math.min(end, start + 40))))
    return true;
  const [after, before, second] = [tokens[at + 1], tokens[at - 1], tokens[at - 2]];
  if (after !== undefined && after.joint === 'space' && PRODUCT_HEADS.has(after.folded)) return true;
  // “4 x Filtek”, “with Filtek” behind a tooth is left to the capitals.
  return joint === 'space' && before?.folded === 'x' && second?.hasDigit === true;
}

/** A name that was found once is one wherever it stands. */
function markRepeated(tokens: readonly Token[], marks: Mark[]): void {
  const found = new Set<string>();
  tokens.forEach(({ folded, ordinary }, at) => {
    if (marks[at] !== MARK.none && !ordinary && folded.length > 2) found.add(folded);
  });
  if (found.size === 0) return;
  tokens.forEach(({ folded }, at) => {
    if (marks[at] === MARK.none && found.has(folded)) marks[at] = MARK.context;
  });
}
