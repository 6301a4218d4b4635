import { TEXT_BREAK } from './glyphs.ts';
import { appendSpans, type Span } from './spans.ts';

/**
 * Digits in base64 (RFC 4648): a quad of a digit and two characters of "0x20–0x3F", two digits across quads, or a digit of
 * UTF-16. Prose has next to none of these, so most text is passed at the speed of a pattern search.
 */
const signature =
  /[MNO](?:[CDSTijyz][AEIMQUYcgkosw048][g-z0-9+/_-]|[AQgw]A[w-z0-5]|(?<=[AEIMQUYcgk][w-z0-5][MNO])[DTjz])/g;
const SHORTEST_BLOCK = 16;
/** MIME wraps base64 at 76, PEM at 64 characters; shorter lines are words. */
const SHORTEST_LINE = 40;

const sextets = new Uint8Array(128).fill(64);
for (const [value, character] of Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
).entries()) {
  sextets[character.charCodeAt(0)] = value;
}
sextets[0x2d] = 62;
sextets[0x5f] = 63;

function isBase64(code: number): boolean {
  return code < 128 && sextets[code] !== 64;
}

/**
 * Card numbers inside base64 blocks.
 *
 * @param find searches the decoded text
 * @returns spans of whole quads, so that what is left before and behind still decodes
 */
export function scanBase64(text: string, find: (decoded: string) => readonly Span[]): Span[] {
  const spans: Span[] = [];
  let floor = 0;
  signature.lastIndex = 0;
  for (let hit = signature.exec(text); hit !== null; hit = signature.exec(text)) {
    const resume = signature.lastIndex;
    let start = hit.index;
    while (start > floor && isBase64(text.charCodeAt(start - 1))) start--;
    const block = readBlock(text, start);
    floor = block.end;
    if (block.places.length >= SHORTEST_BLOCK) appendSpans(spans, searchBlock(text, block, find));
    signature.lastIndex = Math.max(resume, block.end);
  }
  return spans;
}

interface Block {
  /** Offsets of the block's characters in the text, line breaks left out. */
  readonly places: readonly number[];
  /** Behind the last character, and behind the padding. */
  readonly end: number;
  readonly paddedEnd: number;
}

function readBlock(text: string, start: number): Block {
  const places: number[] = [];
  let position = start;
  let lineStart = start;
  for (;;) {
    while (position < text.length && isBase64(text.charCodeAt(position))) places.push(position++);
    const next = text.startsWith('\r\n', position) ? position + 2 : position + 1;
    const wraps = position - lineStart >= SHORTEST_LINE && text[next - 1] === '\n';
    if (!wraps || !isBase64(text.charCodeAt(next))) break;
    position = lineStart = next;
  }
  let paddedEnd = position;
  while (paddedEnd < position + 2 && text[paddedEnd] === '=') paddedEnd++;
  return { places, end: position, paddedEnd };
}

function searchBlock(text: string, block: Block, find: (decoded: string) => readonly Span[]): Span[] {
  const spans: Span[] = [];
  const { places } = block;
  for (const phase of phasesOf(text, block)) {
    const { decoded, offsets } = decodeText(decodeBytes(text, places, phase));
    for (const span of find(decoded)) {
      const first = Math.floor((offsets[span.start] ?? 0) / 3) * 4 + phase;
      const last = Math.ceil((offsets[span.end] ?? 0) / 3) * 4 + phase;
      const start = places[first];
      if (start === undefined) continue;
      const end = last < places.length ? (places[last - 1] ?? 0) + 1 : block.paddedEnd;
      spans.push({ start, end, reason: 'encoded' });
    }
  }
  return spans;
}

/** Where quads may begin: at the block's first character, and where letters glued to its front shift them to. */
function phasesOf(text: string, block: Block): ReadonlySet<number> {
  const phases = new Set([0]);
  const solid = block.places.length === block.end - (block.places[0] ?? 0);
  const characters = solid
    ? text.slice(block.places[0], block.end)
    : block.places.map((place) => text[place]).join('');
  const pattern = new RegExp(signature);
  for (const hit of characters.matchAll(pattern)) {
    phases.add(hit.index % 4);
    if (phases.size === 4) break;
  }
  return phases;
}

function decodeBytes(text: string, places: readonly number[], phase: number): Uint8Array {
  const bytes = new Uint8Array(Math.floor(((places.length - phase) * 3) / 4));
  let buffered = 0;
  let bits = 0;
  let length = 0;
  for (let at = phase; at < places.length && length < bytes.length; at++) {
    buffered = ((buffered << 6) | (sextets[text.charCodeAt(places[at] ?? 0)] ?? 0)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (buffered >> bits) & 0xff;
  }
  return bytes;
}

/** UTF-8 with the byte offset of each UTF-16 unit; a byte that fits nowhere becomes a break. */
function decodeText(bytes: Uint8Array): { readonly decoded: string; readonly offsets: Int32Array } {
  const parts: string[] = [];
  const offsets = new Int32Array(bytes.length + 1);
  let units = 0;
  for (let at = 0; at < bytes.length;) {
    const [character, length] = decodeCharacter(bytes, at);
    parts.push(character);
    for (let unit = 0; unit < character.length; unit++) offsets[units++] = at;
    at += length;
  }
  offsets[units] = bytes.length;
  return { decoded: parts.join(''), offsets };
}

function decodeCharacter(bytes: Uint8Array, at: number): readonly [character: string, length: number] {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return [String.fromCharCode(lead), 1];
  const following = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  let codePoint = lead & (0x3f >> following);
  for (let i = 1; i <= following; i++) {
    const byte = bytes[at + i] ?? 0;
    if (byte >> 6 !== 2) return [TEXT_BREAK, 1];
    codePoint = (codePoint << 6) | (byte & 0x3f);
  }
  if (lead < 0xc2 || codePoint > 0x10ffff) return [TEXT_BREAK, 1];
  return [String.fromCodePoint(codePoint), following + 1];
}
