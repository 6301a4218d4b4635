/* eslint-disable security/detect-unsafe-regex -- every repetition is bounded, or asks for one thing alone; growth.test.ts holds the time to the length */
/** A text with its masks off, and where in the text itself each part of it stands. */
export interface Unmasked {
  readonly text: string;
  readonly locate: (start: number, end: number) => { readonly start: number; readonly end: number };
}

/**
 * Escapes of programs and of mail (RFC 2045, 6.7), bytes in hexadecimal, entities and percent signs that were escaped once more, marks
 * on figures, and signs that show a letter or figure in a box, a circle or small.
 */
const MASK =
  /\\{1,4}(?:u\{[0-9a-f]{1,6}\}|u[0-9a-f]{4}|x[0-9a-f]{2}|[0-3][0-7]{2})|\bu\+[0-9a-f]{4,5}[ ,;]?|(?:=[0-9a-f]{2}){1,64}|=\r?\n|(?:0x[0-9a-f]{2}[ ,;]{0,2}){4,64}|(?<![0-9a-f])[0-9a-f]{2}(?:[ :-]?[0-9a-f]{2}){4,400}(?![0-9a-f])|&amp;(?=[#a-z])|%25(?=[0-9a-f]{2})|(?<=[\p{Nd}.,/-])\p{M}+|[ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘǫʀᴛᴜᴠᴡʏᴢ\u1369-\u1371\u2474-\u247c\u2488-\u2490\u249c-\u24b5\u24f5-\u24fd\u2776-\u277e\u2780-\u2788\u278a-\u2792\u{1f130}-\u{1f149}\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}]|[\u{1f1e6}-\u{1f1ff}]{3,64}/giu;

/** Most texts are seen to have none of them by looking for their signs alone. */
function mayHoldMask(text: string): boolean {
  return (
    text.includes('\\') ||
    text.includes('=') ||
    text.includes('&amp;') ||
    text.includes('%25') ||
    POINT.test(text) ||
    HEXADECIMAL.test(text) ||
    (BEYOND_ASCII.test(text) && MASK_BEYOND_ASCII.test(text))
  );
}

const POINT = /U\+|u\+|0[xX]/;
/** Bytes of ASCII that are written: each begins with a figure from 2 to 7. */
const HEXADECIMAL = /[2-7][0-9a-fA-F](?:[ :-]?[2-7][0-9a-fA-F]){4}/;
// eslint-disable-next-line no-control-regex -- the ASCII range is what is asked for
const BEYOND_ASCII = /[^\u0000-\u007f]/;
const MASK_BEYOND_ASCII =
  /\p{M}|[\u1369-\u1371\u1d00-\u1d22\u0262-\u029f\u01eb\ua730\u0493\u2474-\u24fd\u2776-\u2792\u{1f130}-\u{1f1ff}]/u;

/** “\\u0041” of a text that was quoted twice. */
const MOST_LAYERS = 3;

/** @returns null where nothing in the text reads otherwise with its masks off: nearly always */
export function unmask(text: string): Unmasked | null {
  if (!mayHoldMask(text)) return null;
  let seen = text;
  const layers: Layer[] = [];
  while (layers.length < MOST_LAYERS) {
    const layer = takeOff(seen);
    if (layer === null) break;
    layers.unshift(layer);
    seen = layer.text;
  }
  if (layers.length === 0) return null;
  return {
    text: seen,
    locate: (start, end) =>
      layers.reduce(
        (range, { starts, ends }) => ({
          start: starts[range.start] ?? 0,
          end: ends[range.end - 1] ?? text.length,
        }),
        { start, end },
      ),
  };
}

interface Layer {
  readonly text: string;
  /** Of each unit: where in the text before what it stands for begins and ends. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

function takeOff(text: string): Layer | null {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let from = 0;
  const keep = (to: number): void => {
    parts.push(text.slice(from, to));
    for (let at = from; at < to; at += 1) {
      starts.push(at);
      ends.push(at + 1);
    }
  };
  for (const { 0: mask, index } of text.matchAll(MASK)) {
    keep(index);
    const shown = read(mask);
    parts.push(shown);
    from = index + mask.length;
    for (let at = 0; at < shown.length; at += 1) {
      starts.push(index);
      ends.push(from);
    }
  }
  if (from === 0) return null;
  keep(text.length);
  return { text: parts.join(''), starts, ends };
}

function read(mask: string): string {
  const first = mask.charAt(0);
  if (first === '&' || first === '%') return first;
  if (first === '\\') return readEscape(mask.replace(/^\\+/u, ''));
  if (first === '=') return mask.length === 1 || /^=\r?\n/u.test(mask) ? '' : readBytes(mask);
  if (/^u\+/iu.test(mask)) return toCharacter(Number.parseInt(mask.slice(2), 16));
  if (/^0x/iu.test(mask)) return readBytes(mask.replaceAll(/0x/giu, ''));
  if (/^[0-9a-f]/iu.test(mask)) return readHexadecimal(mask);
  return Array.from(mask, readSign).join('');
}

function readEscape(escape: string): string {
  if (/^[0-3]/u.test(escape)) return toCharacter(Number.parseInt(escape, 8));
  return toCharacter(Number.parseInt(escape.replace(/^[ux]\{?/iu, ''), 16));
}

const toCharacter = (point: number): string => (point <= 0x10ffff ? String.fromCodePoint(point) : '');

/** As UTF-8, or where it is none one byte a character. */
function readBytes(pairs: string): string {
  const bytes = Uint8Array.from(pairs.match(/[0-9a-f]{2}/giu) ?? [], (pair) => Number.parseInt(pair, 16));
  const text = new TextDecoder().decode(bytes);
  return text.includes('\ufffd') ? String.fromCharCode(...bytes) : text;
}

/** What is no text stays as it is: most figures in pairs are only that. */
function readHexadecimal(mask: string): string {
  const text = readBytes(mask);
  return /^[\p{L}\p{N}\p{P}\p{Zs}+\n]+$/u.test(text) ? text : mask;
}

const SMALL_CAPITALS = new Map(
  Array.from('ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘǫʀᴛᴜᴠᴡʏᴢ', (sign, at) => [sign, 'abcdefghijklmnopqrtuvwyz'.charAt(at)]),
);
/** Where the signs for A to Z begin, and those for 1 to 9. */
const LETTERS = [0x249c, 0x1f130, 0x1f150, 0x1f170, 0x1f1e6];
const FIGURES = [0x1369, 0x2474, 0x2488, 0x24f5, 0x2776, 0x2780, 0x278a];

function readSign(sign: string): string {
  const small = SMALL_CAPITALS.get(sign.toLowerCase());
  if (small !== undefined) return small;
  const point = sign.codePointAt(0) ?? 0;
  const letter = LETTERS.find((begin) => point >= begin && point < begin + 26);
  if (letter !== undefined) return String.fromCharCode(65 + point - letter);
  const figure = FIGURES.find((begin) => point >= begin && point < begin + 9);
  return figure === undefined ? '' : String(1 + point - figure);
}
