/* eslint-disable security/detect-unsafe-regex -- every repetition is bounded, and growth.test.ts holds the time to the length */
/**
 * A text as a person sees it: without invisible characters, with full-width and other compatibility letters, digits of all scripts,
 * dashes, spaces and quotation marks in their plain form, with HTML entities and percent-encoding resolved. Rules look at it, and what they find is
 * carried back to the text itself.
 */
export interface View {
  readonly text: string;
  /** The same in lower case, unit for unit. */
  readonly lower: string;
  /** Each place of it is the same of the searched text. */
  readonly isAsWritten: boolean;
  /** Carries a range of the view back to the searched text. */
  readonly locate: (start: number, end: number) => { readonly start: number; readonly end: number };
}

// eslint-disable-next-line no-control-regex -- the ASCII range is what is asked for
const PLAIN = /^[\u0000-\u007f]*$/u;
/** What makes an ASCII text read otherwise than it is written. */
const DISGUISED = /&(?:#|[a-z]{2,8};)|%[0-9a-f]{2}|<\/?[a-z]|[a-z][*`~]{1,3}[a-z]|-\r?\n[a-z]/iu;

/** The same beside letters beyond ASCII. */
const EMPHASISED = /[*`~]|-\r?\n/;

/** Sticky: they are asked at one place. */
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));?/iy;
const PERCENT = /(?:%[0-9a-f]{2}){1,64}/iy;
/** Tags without attributes alone: an attribute may hold an address, and must be looked at. */
const TAG = /<\/?(?:b|i|u|s|em|strong|span|small|mark|font|wbr|sub|sup)\s?\/?>/iy;
const BLOCK_TAG = /<\/?(?:p|br|div|li|ul|ol|td|tr|th|table|h[1-6])\s?\/?>/iy;
const EMPHASIS = /[*`~]{1,3}(?=\p{L})/uy;
const WRAP = /-\r?\n(?=\p{Ll})/uy;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&', at: '@', commat: '@', period: '.', colon: ':', nbsp: ' ', apos: "'", quot: '"', lt: '<', gt: '>', shy: '', zwj: '', zwnj: '',
  rsquo: "'", lsquo: "'", ndash: '-', mdash: '-', hyphen: '-', num: '#', plus: '+', lpar: '(', rpar: ')', sol: '/', lowbar: '_',
}; // prettier-ignore

export function openView(text: string): View {
  const isDisguised = DISGUISED.test(text);
  if (!isDisguised && PLAIN.test(text)) return viewAsWritten(text);
  return (isDisguised || EMPHASISED.test(text) ? undefined : replaceInPlace(text)) ?? buildView(text);
}

function viewAsWritten(text: string): View {
  return {
    text,
    lower: text.toLowerCase(),
    isAsWritten: true,
    locate: (start, end) => ({ start, end }),
  };
}

// eslint-disable-next-line no-control-regex -- the ASCII range is what is asked for
const BEYOND_ASCII = /[^\u0000-\u007f]/gu;

/** Alone becomes two units in lower case. */
const DOTTED_I = 'İ';

/** Most signs beyond ASCII read as one of the same length: accents, curly quotation marks. Then every place stays what it was. */
function replaceInPlace(text: string): View | undefined {
  const state = { isInPlace: true };
  const seen = text.replace(BEYOND_ASCII, (sign) => {
    const plain = plainSign(sign);
    if (plain.length !== sign.length || plain === DOTTED_I) state.isInPlace = false;
    return plain;
  });
  return state.isInPlace ? viewAsWritten(seen) : undefined;
}

function buildView(text: string): View {
  const units: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const add = (seen: string, start: number, end: number): void => {
    for (let at = 0; at < seen.length; at += 1) {
      units.push(seen.charAt(at));
      starts.push(start);
      ends.push(end);
    }
  };
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    const disguise = code < 128 ? readDisguise(text, at, code) : undefined;
    if (disguise !== undefined) {
      add(disguise.seen, at, at + disguise.length);
      at += disguise.length;
    } else if (code < 128) {
      add(text.charAt(at), at, at + 1);
      at += 1;
    } else {
      const sign = String.fromCodePoint(text.codePointAt(at) ?? code);
      const seen = plainSign(sign);
      // Two units that stay two keep their own places.
      if (seen.length === sign.length) for (let unit = 0; unit < sign.length; unit += 1) add(seen.charAt(unit), at + unit, at + unit + 1);
      else add(seen, at, at + sign.length);
      at += sign.length;
    }
  }
  const joined = units.join('');
  const lower = joined.toLowerCase();
  return {
    text: joined,
    // “İ” becomes two units in lower case.
    lower: lower.length === joined.length ? lower : units.map(lowerUnit).join(''),
    isAsWritten: false,
    locate: (start, end) => ({ start: starts[start] ?? 0, end: ends[end - 1] ?? text.length }),
  };
} // prettier-ignore

function lowerUnit(unit: string): string {
  const lower = unit.toLowerCase();
  return lower.length === 1 ? lower : lower.charAt(0);
}

interface Disguise {
  readonly seen: string;
  readonly length: number;
}

function readDisguise(text: string, at: number, code: number): Disguise | undefined {
  if (code === 38) return readEntity(text, at);
  if (code === 37) return readPercent(text, at);
  if (code === 60) return readAt(BLOCK_TAG, text, at, ' ') ?? readAt(TAG, text, at, '');
  if (code === 45) return readAt(WRAP, text, at, '');
  const insideWord = (code === 42 || code === 96 || code === 126) && /\p{L}/u.test(text.charAt(at - 1));
  return insideWord ? readAt(EMPHASIS, text, at, '') : undefined;
}

function readAt(pattern: RegExp, text: string, at: number, seen: string): Disguise | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match === null ? undefined : { seen, length: match[0].length };
}

function readEntity(text: string, at: number): Disguise | undefined {
  ENTITY.lastIndex = at;
  const match = ENTITY.exec(text);
  if (match === null) return undefined;
  const [whole, decimal, hex, name] = match;
  if (name !== undefined) {
    const seen = ENTITIES[name.toLowerCase()];
    return seen === undefined || !whole.endsWith(';') ? undefined : { seen, length: whole.length };
  }
  const point = decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number(decimal);
  if (point === 0 || point > 0x10ffff) return undefined;
  return { seen: plainSign(String.fromCodePoint(point)), length: whole.length };
}

function readPercent(text: string, at: number): Disguise | undefined {
  PERCENT.lastIndex = at;
  const match = PERCENT.exec(text);
  if (match === null) return undefined;
  try {
    // An encoded space does not end the link that it stands in.
    const seen = Array.from(decodeURIComponent(match[0]), plainSign).join('').replaceAll(/\s/gu, '_');
    return { seen, length: match[0].length };
  } catch {
    // No text: taken as it stands, and not tried again from its second byte.
    return { seen: match[0], length: match[0].length };
  }
}

const signs = new Map<string, string>();
/** So many characters are kept; texts can hold more, and then those are worked out again. */
const MOST_SIGNS = 5000;

function plainSign(sign: string): string {
  const kept = signs.get(sign);
  if (kept !== undefined) return kept;
  const plain = makePlain(sign);
  if (signs.size < MOST_SIGNS) signs.set(sign, plain);
  return plain;
}

function makePlain(sign: string): string {
  if (/[\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(sign)) return '';
  const compatible = sign.normalize('NFKC');
  // Mathematical digits come in five rows without a gap: the place in its row is not to be seen.
  if (/^\d$/u.test(compatible)) return compatible;
  if (/\p{Nd}/u.test(sign)) return valueOf(sign);
  if (/[\p{Pd}\u2212]/u.test(sign)) return '-';
  if (/[\p{Zs}\u2800]/u.test(sign)) return ' ';
  if (/[\u2028\u2029]/u.test(sign)) return '\n';
  if (/[’‘ʼ‛′´]/u.test(sign)) return "'";
  if (/\p{M}/u.test(sign)) return sign;
  // A phrase in one sign, of which a page could hold thousands, is no part of a name.
  return compatible === '' || compatible.length > 8 ? sign : compatible;
}

/** Unicode keeps each script's ten digits together, the zero first. */
function valueOf(digit: string): string {
  let code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - 1))) {
    code -= 1;
    value += 1;
  }
  return String(value);
}
