/** So many ASCII characters in a row are a stretch of their own; fewer belong to the other characters around them. */
const SHORTEST_STRETCH = 64;
const TOP_BIT = 0x80;

interface StretchVisitor {
  /** `length` bytes from `start`, a character each, of which the first is the UTF-16 unit `unit`. */
  ascii(start: number, unit: number, length: number): void;
  /** UTF-16 units among which others than ASCII stand. */
  other(start: number, end: number): void;
}

/** Parts the first `length` bytes, which are UTF-8, where characters beyond ASCII stand. */
export function splitAscii(bytes: Uint8Array, length: number, visitor: StretchVisitor): void {
  const words = new Int32Array(bytes.buffer, 0, bytes.length >> 2);
  let at = 0;
  let unit = 0;
  while (at < length) {
    const end = findBeyondAscii(bytes, words, at, length);
    if (end > at) visitor.ascii(at, unit, end - at);
    unit += end - at;
    at = end;
    if (at === length) return;
    const start = unit;
    for (let quiet = 0; at < length && quiet < SHORTEST_STRETCH; quiet++) {
      const lead = bytes[at] ?? 0;
      if (lead >= TOP_BIT) quiet = -1;
      // RFC 3629, 3: the lead byte says how many bytes there are; four of them are two units of UTF-16.
      at += lead < TOP_BIT ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      unit += lead < 0xf0 ? 1 : 2;
    }
    visitor.other(start, unit);
  }
}

/** The first byte from `from` on that is no ASCII character, or `length`. */
function findBeyondAscii(bytes: Uint8Array, words: Int32Array, from: number, length: number): number {
  let at = from;
  while (at < length && (at & 3) !== 0) {
    if ((bytes[at] ?? 0) >= TOP_BIT) return at;
    at++;
  }
  let word = at >> 2;
  const end = length >> 2;
  while (word < end && ((words[word] ?? 0) & 0x80808080) === 0) word++;
  at = Math.max(at, word << 2);
  while (at < length && (bytes[at] ?? 0) < TOP_BIT) at++;
  return at;
}
