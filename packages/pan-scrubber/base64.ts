import { isBase64, SHORTEST_TOKEN, valueOf } from './base64-alphabet.ts';
import { TEXT_BREAK } from './glyphs.ts';
import { appendSpans, type Span } from './spans.ts';

/** MIME wraps base64 at 76, PEM at 64 characters; shorter lines are words. */
const SHORTEST_LINE = 40;
/**
 * Quads that digits encode to: a digit and two characters of U+0020–U+003F, two digits over a quad's border, or a
 * digit of UTF-16. Where one stands, quads begin.
 */
const digitQuads =
  /[MNO](?:[CDSTijyz][AEIMQUYcgkosw048][g-z0-9+/_-]|[AQgw]A[w-z0-5]|(?<=[AEIMQUYcgk][w-z0-5][MNO])[DTjz])/g;

/**
 * Card numbers inside base64 blocks.
 *
 * @param tokens where long runs of base64 characters may stand, ascending
 * @param find searches the decoded text
 * @returns spans of whole quads, so that what is left before and behind still decodes
 */
export function scanBase64(
  text: string,
  tokens: readonly number[],
  find: (decoded: string) => readonly Span[],
): Span[] {
  const spans: Span[] = [];
  let floor = 0;
  for (const token of tokens) {
    if (token < floor) continue;
    let start = token;
    while (start > floor && isBase64(text.charCodeAt(start - 1))) start--;
    start = findFirstLine(text, start, floor);
    const block = readBlock(text, start);
    floor = Math.max(floor, block.end);
    if (block.length < SHORTEST_TOKEN || isDecimal(text, block)) continue;
    for (const phase of phasesOf(text, block)) appendSpans(spans, searchBlock(text, block, phase, find));
  }
  return spans;
}

/** Lines before that one may hold no capital, and so no token: digits and small letters alone. */
function findFirstLine(text: string, from: number, floor: number): number {
  let start = from;
  for (;;) {
    const lineEnd = text[start - 2] === '\r' ? start - 2 : start - 1;
    if (text[start - 1] !== '\n') return start;
    let before = lineEnd;
    while (before > floor && isBase64(text.charCodeAt(before - 1))) before--;
    if (lineEnd - before < SHORTEST_LINE) return start;
    start = before;
  }
}

/** A run of base64 characters, line breaks between long lines left out. */
interface Block {
  readonly lines: readonly { readonly start: number; readonly end: number; readonly before: number }[];
  readonly length: number;
  readonly end: number;
  /** Behind the padding. */
  readonly paddedEnd: number;
}

function readBlock(text: string, from: number): Block {
  const lines: { start: number; end: number; before: number }[] = [];
  let length = 0;
  let start = from;
  let end = from;
  for (;;) {
    while (end < text.length && isBase64(text.charCodeAt(end))) end++;
    lines.push({ start, end, before: length });
    length += end - start;
    const next = end + (text.startsWith('\r\n', end) ? 2 : 1);
    const wraps = end - start >= SHORTEST_LINE && text[next - 1] === '\n';
    if (!wraps || next >= text.length || !isBase64(text.charCodeAt(next))) break;
    start = end = next;
  }
  let paddedEnd = end;
  while (paddedEnd < end + 2 && text[paddedEnd] === '=') paddedEnd++;
  return { lines, length, end, paddedEnd };
}

/** A run of digits is a number, and decodes to nothing. */
function isDecimal(text: string, block: Block): boolean {
  for (let at = block.lines[0]?.start ?? block.end; at < block.end; at++) {
    if (text.charCodeAt(at) > 0x39) return false;
  }
  return true;
}

/** Where quads may begin: at the block's first character, and where letters glued to its front shift them to. */
function phasesOf(text: string, block: Block): ReadonlySet<number> {
  const phases = new Set([0]);
  for (const line of block.lines) {
    for (const hit of text.slice(line.start, line.end).matchAll(digitQuads)) {
      phases.add((line.before + hit.index) % 4);
      if (phases.size === 4) return phases;
    }
  }
  return phases;
}

function searchBlock(
  text: string,
  block: Block,
  phase: number,
  find: (decoded: string) => readonly Span[],
): Span[] {
  const bytes = decodeBytes(text, block, phase);
  const { decoded, byteOf } = decodeText(bytes);
  return find(decoded).flatMap((span): Span[] => {
    const first = Math.floor(byteOf(span.start) / 3) * 4 + phase;
    const last = Math.ceil(byteOf(span.end) / 3) * 4 + phase;
    const end = last < block.length ? placeOf(block, last - 1) + 1 : block.paddedEnd;
    return [{ start: placeOf(block, first), end, reason: 'encoded' }];
  });
}

/** Offset in the text of the block's character at `index`. */
function placeOf(block: Block, index: number): number {
  let low = 0;
  let high = block.lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((block.lines[middle]?.before ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  const line = block.lines[low];
  return line === undefined ? block.end : line.start + index - line.before;
}

function decodeBytes(text: string, block: Block, phase: number): Uint8Array {
  const bytes = new Uint8Array(Math.floor(((block.length - phase) * 3) / 4));
  let buffered = 0;
  let bits = 0;
  let length = 0;
  let skip = phase;
  for (const line of block.lines) {
    for (let at = line.start + skip; at < line.end; at++) {
      buffered = ((buffered << 6) | valueOf(text.charCodeAt(at))) & 0xffff;
      bits += 6;
      if (bits < 8) continue;
      bits -= 8;
      bytes[length++] = (buffered >> bits) & 0xff;
    }
    skip = 0;
  }
  return bytes;
}

const utf8 = new TextDecoder();
/** Every platform that runs JavaScript today keeps numbers in this order. */
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });

interface Decoded {
  readonly decoded: string;
  /** Offset of the byte at which a UTF-16 unit's character begins. */
  readonly byteOf: (unit: number) => number;
}

/** UTF-8; a byte that fits nowhere becomes a break. */
function decodeText(bytes: Uint8Array): Decoded {
  if (bytes.every((byte) => byte < 0x80)) {
    return { decoded: utf8.decode(bytes), byteOf: (unit) => unit };
  }
  const units = new Uint16Array(bytes.length);
  const offsets = new Int32Array(bytes.length + 1);
  let count = 0;
  for (let at = 0; at < bytes.length;) {
    const [codePoint, length] = decodeCharacter(bytes, at);
    offsets[count] = at;
    if (codePoint > 0xffff) {
      units[count++] = 0xd800 + ((codePoint - 0x10000) >> 10);
      offsets[count] = at;
      units[count++] = 0xdc00 + (codePoint & 0x3ff);
    } else {
      units[count++] = codePoint;
    }
    at += length;
  }
  offsets[count] = bytes.length;
  return { decoded: utf16.decode(units.subarray(0, count)), byteOf: (unit) => offsets[unit] ?? bytes.length };
}

function decodeCharacter(bytes: Uint8Array, at: number): readonly [codePoint: number, length: number] {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return [lead, 1];
  const following = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  let codePoint = lead & (0x3f >> following);
  for (let i = 1; i <= following; i++) {
    const byte = bytes[at + i] ?? 0;
    if (byte >> 6 !== 2) return [TEXT_BREAK.charCodeAt(0), 1];
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  if (lead < 0xc2 || codePoint > 0x10ffff) return [TEXT_BREAK.charCodeAt(0), 1];
  return [codePoint, following + 1];
}
