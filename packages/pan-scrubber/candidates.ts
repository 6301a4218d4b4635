import { isBase64, SHORTEST_TOKEN } from './base64-alphabet.ts';
import { findAsciiCandidates, isLittleEndian, type Candidates } from './candidates-ascii.ts';
import { isKnownBreak } from './glyphs.ts';
import { SHORTEST } from './networks.ts';

const CHUNK = 32_768;
/** The step once a character beyond ASCII has been seen. */
const SMALL_CHUNK = 1024;
/** Chunks overlap by more than the shortest run, so that none is hidden by a border. */
const OVERLAP = 32;
const encoder = new TextEncoder();

/** See {@link Candidates}. */
export function findCandidates(text: string): Candidates {
  const found: Candidates = { numberRuns: [], tokens: [], isAscii: true };
  const bytes = new Uint8Array((Math.min(CHUNK, text.length) + 15) & ~7);
  let size = CHUNK;
  for (let from = 0; from < text.length;) {
    const to = Math.min(text.length, from + size);
    if (!searchAscii(text, from, to, bytes, found)) {
      found.isAscii = false;
      if (size === CHUNK) {
        // From here on in small steps, so that one such character costs its neighbourhood only.
        size = SMALL_CHUNK;
        continue;
      }
      searchAnyScript(text, from, to, found);
    }
    from += size - OVERLAP;
  }
  return found;
}

/** Bytes are read several times faster than characters. As many bytes as characters: all of it is ASCII. */
function searchAscii(text: string, from: number, to: number, bytes: Uint8Array, found: Candidates): boolean {
  const chunk = text.slice(from, to);
  const { read, written } = encoder.encodeInto(chunk, bytes);
  if (read !== chunk.length || written !== read || !isLittleEndian) return false;
  findAsciiCandidates(bytes, read, from, found);
  return true;
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
