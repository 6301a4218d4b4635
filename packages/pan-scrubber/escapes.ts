/**
 * Characters written as escapes: URL (%34, %u0034, UTF-8 sequences), HTML (&#52; &#x34; &nbsp;), JSON and program
 * text (\u0034 \x34 \n), each also doubled (%2534, &amp;#52;, \\u0034), and HTML escapes inside URL escapes.
 * Every reader looks ahead a bounded number of characters.
 */
export interface Escape {
  readonly codePoint: number;
  readonly end: number;
}

const PERCENT = 0x25;
const AMPERSAND = 0x26;
const BACKSLASH = 0x5c;
/** How often one escape may be the lead character of the next. */
const MAX_DOUBLING = 4;
const MAX_BACKSLASHES = 16;
const MAX_ENTITY_NAME = 24;

/** The entities that separate, and those that spell leads and brackets (HTML Living Standard, 13.5). */
const namedEntities: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '\u00a0': 'nbsp NonBreakingSpace',
    ' ': 'ensp emsp emsp13 emsp14 numsp puncsp thinsp ThinSpace hairsp VeryThinSpace MediumSpace ThickSpace',
    '\u200b': 'zwj zwnj lrm rlm shy NoBreak ZeroWidthSpace NegativeThinSpace NegativeMediumSpace wj ic af it',
    '-': 'hyphen dash ndash mdash horbar minus lowbar UnderBar',
    '.': 'period middot centerdot CenterDot bull hellip mldr sdot',
    '/': 'sol frasl bsol',
    '\t': 'Tab',
    '\n': 'NewLine',
    '|': 'verbar vert VerticalLine comma colon semi quot QUOT apos lpar rpar lsqb rsqb lbrack rbrack lcub rcub plus equals',
    '<': 'lt LT',
    '>': 'gt GT',
    '&': 'amp AMP',
    '%': 'percnt',
    '\\': 'Backslash',
  }).flatMap(([character, names]) => names.split(' ').map((name): [string, string] => [name, character])),
);

const controls: Readonly<Record<string, number>> = {
  n: 10,
  r: 13,
  t: 9,
  f: 12,
  v: 11,
  b: 8,
  '/': 0x2f,
  '"': 0x22,
};

/** The escape that begins at `at`, or undefined where none does. */
export function readEscape(text: string, at: number): Escape | undefined {
  return readLed(text.charCodeAt(at), text, at + 1, MAX_DOUBLING);
}

function readLed(lead: number, text: string, at: number, doublings: number): Escape | undefined {
  const escape =
    lead === PERCENT
      ? readPercent(text, at)
      : lead === AMPERSAND
        ? readEntity(text, at)
        : lead === BACKSLASH
          ? readBackslash(text, at)
          : undefined;
  if (escape === undefined || doublings === 0) return escape;
  return readLed(escape.codePoint, text, escape.end, doublings - 1) ?? escape;
}

function readPercent(text: string, at: number): Escape | undefined {
  if (text[at] === 'u') return readHex(text, at + 1, 4);
  const first = readHex(text, at, 2);
  if (first === undefined || first.codePoint < 0x80) return first;
  // A UTF-8 sequence (RFC 3986, 2.5; RFC 3629, 3): the lead byte says how many follow.
  const lead = first.codePoint;
  const following = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  if (lead < 0xc2) return undefined;
  let codePoint = lead & (0x3f >> following);
  let end = first.end;
  for (let byte = 0; byte < following; byte++) {
    const next = text.charCodeAt(end) === PERCENT ? readHex(text, end + 1, 2) : undefined;
    if (next === undefined || next.codePoint >> 6 !== 2) return undefined;
    codePoint = (codePoint << 6) | (next.codePoint & 0x3f);
    end = next.end;
  }
  return codePoint > 0x10ffff ? undefined : { codePoint, end };
}

function readEntity(text: string, at: number): Escape | undefined {
  const first = readBodyCharacter(text, at);
  return first.codePoint === 0x23 ? readNumericEntity(text, first.end) : readNamedEntity(text, at);
}

function readNumericEntity(text: string, at: number): Escape | undefined {
  let next = readBodyCharacter(text, at);
  const radix = (next.codePoint | 0x20) === 0x78 ? 16 : 10;
  if (radix === 16) next = readBodyCharacter(text, next.end);
  let codePoint = 0;
  let end = at;
  // Seven digits reach the last code point, with a zero in front; more are a number and no escape.
  for (let digits = 0; digits <= 7; digits++) {
    const value = hexValue(next.codePoint);
    if (value >= radix) {
      if (digits === 0 || codePoint > 0x10ffff) return undefined;
      return { codePoint, end: next.codePoint === 0x3b ? next.end : end };
    }
    codePoint = codePoint * radix + value;
    end = next.end;
    next = readBodyCharacter(text, end);
  }
  return undefined;
}

function readNamedEntity(text: string, at: number): Escape | undefined {
  let name = '';
  let next = readBodyCharacter(text, at);
  while (name.length < MAX_ENTITY_NAME && isAlphanumeric(next.codePoint)) {
    name += String.fromCharCode(next.codePoint);
    const after = readBodyCharacter(text, next.end);
    if (after.codePoint === 0x3b) {
      const character = namedEntities.get(name);
      return character === undefined
        ? undefined
        : { codePoint: character.codePointAt(0) ?? 0, end: after.end };
    }
    next = after;
  }
  return undefined;
}

/** A character of an entity's body, which may itself be written as a URL escape. */
function readBodyCharacter(text: string, at: number): Escape {
  const code = at < text.length ? text.charCodeAt(at) : 0;
  const escape = code === PERCENT ? readHex(text, at + 1, 2) : undefined;
  return escape ?? { codePoint: code, end: at + 1 };
}

function readBackslash(text: string, at: number): Escape | undefined {
  let position = at;
  while (text.charCodeAt(position) === BACKSLASH && position - at < MAX_BACKSLASHES) position++;
  // Doubling gives 1, 2, 4 …: of an odd run the first is a separator, and the others are read next.
  if ((position - at) % 2 === 0 && position > at) return undefined;
  const letter = text[position] ?? '';
  const control = controls[letter];
  if (control !== undefined) return { codePoint: control, end: position + 1 };
  if (letter === 'x') return readHex(text, position + 1, 2);
  if (letter === 'U') return readHex(text, position + 1, 8);
  if (letter === 'u')
    return text[position + 1] === '{' ? readBraced(text, position + 2) : readUtf16(text, position);
  return undefined;
}

function readUtf16(text: string, letterAt: number): Escape | undefined {
  const high = readHex(text, letterAt + 1, 4);
  if (high === undefined || high.codePoint >> 10 !== 0x36) return high;
  let at = high.end;
  while (text.charCodeAt(at) === BACKSLASH && at - high.end < MAX_BACKSLASHES) at++;
  const low = text[at] === 'u' ? readHex(text, at + 1, 4) : undefined;
  if (low === undefined || low.codePoint >> 10 !== 0x37) return high;
  return { codePoint: 0x10000 + ((high.codePoint & 0x3ff) << 10) + (low.codePoint & 0x3ff), end: low.end };
}

function readBraced(text: string, at: number): Escape | undefined {
  const close = text.slice(at, at + 7).indexOf('}');
  const inner = close < 1 ? undefined : readHex(text, at, close);
  return inner === undefined ? undefined : { codePoint: inner.codePoint, end: inner.end + 1 };
}

function readHex(text: string, at: number, length: number): Escape | undefined {
  let codePoint = 0;
  for (let i = 0; i < length; i++) {
    const value = at + i < text.length ? hexValue(text.charCodeAt(at + i)) : 16;
    if (value === 16) return undefined;
    codePoint = codePoint * 16 + value;
  }
  return codePoint > 0x10ffff ? undefined : { codePoint, end: at + length };
}

/** 0–15, or 16 for anything that is no hexadecimal digit. */
function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : 16;
}

function isAlphanumeric(code: number): boolean {
  return hexValue(code) < 10 || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
}
