import { splitAscii } from './ascii-stretches.ts';
import { isBase64, SHORTEST_TOKEN } from './base64-alphabet.ts';
import { findAsciiCandidates, isLittleEndian, openByteBuffer, type Candidates } from './candidates-ascii.ts';
import { isKnownBreak } from './glyphs.ts';
import { SHORTEST } from './networks.ts';

const CHUNK = 32_768;
/** Chunks and stretches overlap by more than the shortest run, so that none is hidden by a border. */
const OVERLAP = 32;
/** A UTF-16 unit takes up to three bytes in UTF-8. */
const UTF8_BYTES = 3;
const encoder = new TextEncoder();

const SHORT = 512;
/** Short texts share one: to make a buffer costs more than to search them. What stood in it is overwritten each time. */
const shared = openByteBuffer(SHORT);

/** @returns whether the text was searched: it is short, and nothing but ASCII */
function searchShort(text: string, found: Candidates): boolean {
  const { bytes } = shared;
  const { read, written } = encoder.encodeInto(text, bytes.subarray(0, text.length));
  const isAscii = read === text.length && written === read && isLittleEndian;
  if (isAscii) findAsciiCandidates(shared, read, 0, found);
  bytes.fill(0, 0, written);
  return isAscii;
}

/** See {@link Candidates}. */
export function findCandidates(text: string): Candidates {
  const found: Candidates = { numberRuns: [], tokens: [], isAscii: true };
  if (text.length <= SHORT && searchShort(text, found)) return found;
  const ascii = openByteBuffer(Math.min(CHUNK, text.length));
  let utf8: Uint8Array | undefined;
  for (let from = 0; from < text.length; from += CHUNK - OVERLAP) {
    const chunk = text.slice(from, from + CHUNK);
    if (found.isAscii) {
      // Bytes are read several times faster than characters. As many bytes as characters: all of it is ASCII.
      const { read, written } = encoder.encodeInto(chunk, ascii.bytes);
      if (read === chunk.length && written === read && isLittleEndian) {
        findAsciiCandidates(ascii, read, from, found);
        continue;
      }
      found.isAscii = false;
    }
    utf8 ??= new Uint8Array(Math.min(CHUNK, text.length) * UTF8_BYTES);
    const bytes = utf8;
    splitAscii(bytes, encoder.encodeInto(chunk, bytes).written, {
      ascii(start, unit, length) {
        if (!isLittleEndian) {
          searchAnyScript(text, from + unit, from + unit + length, found);
          return;
        }
        ascii.bytes.set(bytes.subarray(start, start + length));
        findAsciiCandidates(ascii, length, from + unit, found);
      },
      other(start, end) {
        const to = Math.min(text.length, from + end + OVERLAP);
        searchAnyScript(text, Math.max(0, from + start - OVERLAP), to, found);
      },
    });
  }
  if (!found.isAscii) {
    found.numberRuns.sort(ascending);
    found.tokens.sort(ascending);
  }
  return found;
}

function ascending(a: number, b: number): number {
  return a - b;
}

function searchAnyScript(text: string, from: number, to: number, found: Candidates): void {
  findRuns(text, from, to, SHORTEST, (code) => !isKnownBreak(code), found.numberRuns);
  findRuns(text, from, to, SHORTEST_TOKEN, isBase64, found.tokens);
}

/** Looks at every `shortest`-th character first: where that one is not accepted, no run contains it. */
function findRuns(
  text: string,
  from: number,
  to: number,
  shortest: number,
  accepts: (code: number) => boolean,
  found: number[],
): void {
  let at = from + shortest - 1;
  while (at < to) {
    const stop = at - shortest;
    let back = at;
    while (back > stop && accepts(text.charCodeAt(back))) back--;
    if (back > stop) {
      at = back + shortest;
      continue;
    }
    found.push(at);
    while (at < to && accepts(text.charCodeAt(at))) at++;
    at += shortest;
  }
}
