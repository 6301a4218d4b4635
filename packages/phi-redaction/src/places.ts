/* eslint-disable security/detect-possible-timing-attacks -- a token is a word of a text here, no secret */
import type { Finding } from './finding.ts';
import { matchesOf } from './matches.ts';
import { expandStreetKind, SURE_STREET_KINDS } from './street-kinds.ts';
import { standBeside, type Token } from './tokens.ts';
import type { View } from './view.ts';
import { TRAIT } from './word-traits.ts';

// Outward and inward code after BS 7666; people leave the space out, double it, or write lower case.
const UK_POSTCODE =
  /\b(?:gir ?0aa|[a-pr-uwyz](?:\d[a-hjkpstuw]|\d{1,2}|[a-hk-y]\d{1,2}|[a-hk-y]\d[abehmnprv-y])[ \n]{0,2}\d[abd-hjlnp-uw-z]{2})\b/y;
const PO_BOX = /\bp\.? ?o\.? ?box \d{1,6}/g;

const STATES = new Set(
  'al ak az ar ca ct co dc de fl ga hi id il in ia ks ky la ma md me mi mn mo ms mt nc nd ne nh nj nm nv ny oh ok or pa pr ri sc sd tn tx ut va vt wa wi wv wy'.split(
    ' ',
  ),
);
/** “or 07980 …” and “in 12345” are no Oregon and no Indiana: in lower case the states that are words do not count. */
const WORDS_TOO = new Set(['hi', 'id', 'in', 'me', 'ok', 'or', 'mo', 'ms']);

/** Postcodes, zip codes, streets with a house's number, post-office boxes. */
export function findPlaces(view: View, tokens: readonly Token[]): Finding[] {
  const { lower } = view;
  const found: Finding[] = [];
  tokens.forEach((token, at) => {
    if (token.hasDigit) found.push(...findPostcode(view, tokens, at));
    else if ((token.traits & TRAIT.street) !== 0) {
      const street = findStreet(lower, tokens, at);
      if (street !== undefined) found.push(street);
    }
  });
  if (lower.includes('box'))
    for (const { 0: match, index } of matchesOf(lower, PO_BOX))
      found.push(place('address', index, index + match.length));
  return found;
}

function place(kind: 'postcode' | 'address', start: number, end: number): Finding {
  return { start, end, kind, source: 'form' };
}

function findPostcode(view: View, tokens: readonly Token[], at: number): Finding[] {
  const token = tokens[at];
  if (token === undefined) return [];
  const first = token.folded.charCodeAt(0);
  if (first > 57) {
    UK_POSTCODE.lastIndex = token.start;
    const match = UK_POSTCODE.exec(view.lower);
    return match === null ? [] : [place('postcode', token.start, token.start + match[0].length)];
  }
  return /^\d{5}$/u.test(token.folded) ? findZip(tokens, at, token) : [];
}

/** “94110-1234”, “CA 94110”, “zip: 94110”. */
function findZip(tokens: readonly Token[], at: number, token: Token): Finding[] {
  const [before, second, after] = [tokens[at - 1], tokens[at - 2], tokens[at + 1]];
  const four = after?.joint === 'hyphen' && /^\d{4}$/u.test(after.folded) ? after : undefined;
  const end = (four ?? token).end;
  const state =
    before !== undefined && STATES.has(before.folded) && token.start - before.end <= 3 && token.joint !== 'hyphen' &&
    (before.shouted || second?.folded === 'zip' || !WORDS_TOO.has(before.folded)); // prettier-ignore
  if (state) return [place('postcode', before.start, end)];
  const labelled = before?.folded === 'zip' || (second?.folded === 'zip' && /^(?:code|is)$/u.test(before?.folded ?? ''));
  return four !== undefined || labelled ? [place('postcode', token.start, end)] : [];
} // prettier-ignore

const SMALL_WORDS: ReadonlySet<string> = new Set(
  'a an on in at to my your his her their this that is was are and or by for per with from mg ml mm cm tooth teeth day days week weeks month months year years hour hours minute minutes time times pm am more too very so all no not it if as out up off back one two three'.split(
    ' ',
  ),
);
const MOST_WORDS = 4;

function findStreet(lower: string, tokens: readonly Token[], at: number): Finding | undefined {
  const kind = tokens[at];
  if (kind === undefined || !standBeside(kind)) return undefined;
  const whole = expandStreetKind(kind.folded);
  const house = findHouse(tokens, at);
  const from = house ?? findNamedStreet(tokens, at, whole);
  const first = tokens[from ?? -1];
  if (from === undefined || first === undefined) return undefined;
  const start = tokens[house === undefined ? from : takeFlat(tokens, from)]?.start ?? first.start;
  return place('address', start, takeUnit(lower, tokens, at));
}

/** “12a, Orchard Lane”: the house’s number, some words before the kind of street. None of them is an everyday one. */
function findHouse(tokens: readonly Token[], at: number): number | undefined {
  for (let back = 1; back <= MOST_WORDS + 1; back += 1) {
    const token = tokens[at - back];
    const next = tokens[at - back + 1];
    if (token === undefined || next === undefined) return undefined;
    if (/^\d{1,5}[a-z]?$/u.test(token.folded)) {
      const apart = next.joint === 'space' || next.joint === 'comma';
      return back > 1 && apart && isName(tokens.slice(at - back + 1, at), tokens[at]) ? at - back : undefined;
    }
    if (!standBeside(next) && next.joint !== 'dot') return undefined;
    if (SMALL_WORDS.has(token.folded) || token.hasDigit) return undefined;
  }
  return undefined;
}

/** “2 teeth close”, “5 fillings drive”: between number and kind stand capitals, or words that are no plural. */
function isName(words: readonly Token[], kind: Token | undefined): boolean {
  if (kind !== undefined && SURE_STREET_KINDS.has(expandStreetKind(kind.folded))) return true;
  if (kind?.capital === true && words.every(({ capital }) => capital)) return true;
  return !words.every(({ folded }) => folded.endsWith('s'));
}

/** “on Orchard Lane”: capitals on both, and a name that is no everyday word. */
function findNamedStreet(tokens: readonly Token[], at: number, kind: string): number | undefined {
  const [word, street] = [tokens[at - 1], tokens[at]];
  const sure =
    SURE_STREET_KINDS.has(kind) && street?.capital === true && word?.capital === true && !word.hasDigit;
  return sure && !/^(?:high|main|the|old|new)$/u.test(word.folded) ? at - 1 : undefined;
}

const FLATS = new Set(['flat', 'apt', 'apartment', 'unit', 'suite', 'room', 'floor', 'no']);

/** “Flat 2b, 14 …”. */
function takeFlat(tokens: readonly Token[], at: number): number {
  const [house, flat, word] = [tokens[at], tokens[at - 1], tokens[at - 2]];
  if (flat !== undefined && FLATS.has(flat.folded) && house?.joint === 'space') return at - 1;
  const isFlat = flat !== undefined && flat.end - flat.start <= 4 && word !== undefined;
  return isFlat && FLATS.has(word.folded) && /^(?:space|comma|line)$/u.test(house?.joint ?? '') ? at - 2 : at;
}

/** “… Street, Apt. 4B”, “… St. #305”. */
function takeUnit(lower: string, tokens: readonly Token[], at: number): number {
  const [kind, word, unit] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  const end = kind?.end ?? 0;
  if (word === undefined || word.start - end > 4) return end;
  if (
    FLATS.has(word.folded) &&
    unit !== undefined &&
    unit.start - word.end <= 2 &&
    unit.end - unit.start <= 5
  )
    return unit.end;
  return word.hasDigit && word.joint === 'other' && lower.slice(end, word.start).includes('#')
    ? word.end
    : end;
}
