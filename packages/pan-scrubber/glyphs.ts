/**
 * What one character can be inside a disguised number. Kinds are small numbers so that a table lookup answers:
 * below `DIGIT_KIND` separators and breaks, `WEAK_KIND + v` a letter that OCR confuses with the digit v,
 * `DIGIT_KIND + v` the digit v in any script.
 */
export const Kind = {
  hard: 0,
  invisible: 1,
  space: 2,
  dash: 3,
  dot: 4,
  slash: 5,
  line: 6,
  cell: 7,
  field: 8,
  /** Filler of masked numbers: one stands between cells, two or more hide digits. */
  mask: 9,
} as const;
/** Added to the kind of a gap in which more than one visible character stands. */
export const WIDE_GAP = 16;
export const WEAK_KIND = 32;
export const DIGIT_KIND = 64;
const UNKNOWN = 255;
const SURROGATE = 254;

/** Noncharacters, so that no text brings them: one field ends and the next begins; two texts that must not join. */
export const FIELD_BREAK = '\uFFFE';
export const TEXT_BREAK = '\uFFFF';

/** Zero of every decimal digit set (general category Nd) of Unicode 17. */
const decimalZeros = [
  0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
  0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
  0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x10d40, 0x11066,
  0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0,
  0x11950, 0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11de0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70,
  0x1ccf0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
  // Not Nd, but written as digits: subscripts, parenthesised comma forms, and the invisible tag digits.
  0x2080, 0xe0030,
];

/** Digits that come one by one: superscripts, circled, parenthesised, full-stop forms, Han positional numerals. */
const singleDigits: readonly (readonly [value: number, characters: string])[] = [
  [0, '⁰⓪⓿🄀🄁〇零'],
  [1, '¹①⑴⒈❶➀➊⓵🄂一壹'],
  [2, '²②⑵⒉❷➁➋⓶🄃二贰貳'],
  [3, '³③⑶⒊❸➂➌⓷🄄三叁參'],
  [4, '⁴④⑷⒋❹➃➍⓸🄅四肆'],
  [5, '⁵⑤⑸⒌❺➄➎⓹🄆五伍'],
  [6, '⁶⑥⑹⒍❻➅➏⓺🄇六陆陸'],
  [7, '⁷⑦⑺⒎❼➆➐⓻🄈七柒'],
  [8, '⁸⑧⑻⒏❽➇➑⓼🄉八捌'],
  [9, '⁹⑨⑼⒐❾➈➒⓽🄊九玖'],
];

/** What OCR reads in the place of a digit; Greek and Cyrillic letters of the same look included. */
const lookalikes: readonly (readonly [value: number, characters: string])[] = [
  [0, 'OoDQΟοОо'],
  [1, 'IlΙІӀ'],
  [2, 'ZΖ'],
  [3, 'З'],
  [5, 'SЅ'],
  [6, 'Gб'],
  [8, 'BΒВ'],
];

const asciiKinds: readonly (readonly [kind: number, characters: string])[] = [
  [Kind.line, '\n\r\v\f'],
  [Kind.space, ' \t'],
  [Kind.dash, '-_'],
  [Kind.dot, '.'],
  [Kind.slash, '/\\'],
  [Kind.mask, '*#'],
  // "`" and "{" break numbers: in a byte they differ from small letters by too little for the first pass.
  [Kind.cell, ',;:|"\'()[]}<>=+~!?@$%&^'],
];

const kinds = new Uint8Array(0x10000).fill(UNKNOWN);
const astralKinds = new Map<number, number>();
fillKinds();

function fillKinds(): void {
  for (let code = 0; code < 0x80; code++)
    kinds[code] = code < 0x20 || code === 0x7f ? Kind.invisible : Kind.hard;
  for (const [kind, characters] of asciiKinds) setKinds(characters, kind);
  for (const zero of decimalZeros) for (let v = 0; v < 10; v++) setKind(zero + v, DIGIT_KIND + v);
  for (const [value, characters] of singleDigits) setKinds(characters, DIGIT_KIND + value);
  for (const [value, characters] of lookalikes) setKinds(characters, WEAK_KIND + value);
  setKinds('•●∙█×✱＊', Kind.mask);
  setKinds('\u0085\u2028\u2029', Kind.line);
  setKinds('·‧・⋅｡。．․…⸱', Kind.dot);
  setKinds('⁄∕⧸╱／＼', Kind.slash);
  // A replacement character stands where a no-break space was decoded wrongly.
  setKinds('\uFFFD\u2800', Kind.space);
  setKinds('−＿ー', Kind.dash);
  setKinds('\u115F\u1160\u3164\uFFA0\u180E', Kind.invisible);
  kinds.fill(SURROGATE, 0xd800, 0xe000);
  setKinds(FIELD_BREAK, Kind.field);
  setKinds(TEXT_BREAK, Kind.hard);
}

function setKinds(characters: string, kind: number): void {
  for (const character of characters) setKind(character.codePointAt(0) ?? 0, kind);
}

function setKind(codePoint: number, kind: number): void {
  if (codePoint < 0x10000) kinds[codePoint] = kind;
  else astralKinds.set(codePoint, kind);
}

/**
 * True for a code unit known to be a letter that no number holds. Characters not yet classified answer false: the
 * caller looks closer at those.
 */
export function isKnownBreak(codeUnit: number): boolean {
  return kinds[codeUnit] === Kind.hard;
}

/** Kind of a code point of any plane. */
export function kindOf(codePoint: number): number {
  const known = codePoint < 0x10000 ? kinds[codePoint] : astralKinds.get(codePoint);
  if (known === SURROGATE) return Kind.hard;
  if (known !== undefined && known !== UNKNOWN) return known;
  const kind = classify(String.fromCodePoint(codePoint));
  if (codePoint < 0x10000) kinds[codePoint] = kind;
  return kind;
}

/** Everything that is no letter, digit or number may stand between the groups of a number. */
function classify(character: string): number {
  if (/^[\p{Cf}\p{M}\p{Cc}]$/u.test(character)) return Kind.invisible;
  if (/^\p{Z}$/u.test(character)) return Kind.space;
  if (/^\p{Dash}$/u.test(character)) return Kind.dash;
  return /^[\p{P}\p{S}]$/u.test(character) ? Kind.cell : Kind.hard;
}

/** True for marks that belong to the digit they follow (keycaps, strike-through, variation selectors). */
export function isMark(codePoint: number): boolean {
  return codePoint >= 0x300 && /^\p{M}$/u.test(String.fromCodePoint(codePoint));
}
