import { isBase64, SHORTEST_TOKEN } from './base64-alphabet.ts';
import { findAsciiCandidates, type Candidates } from './candidates-ascii.ts';
import { isKnownBreak } from './glyphs.ts';
import { SHORTEST } from './networks.ts';

const CHUNK = 16_384;
/** Chunks overlap by more than the shortest run, so that none is hidden by a border. */
const OVERLAP = 32;
const encoder = new TextEncoder();

/** See {@link Candidates}. */
export function findCandidates(text: string): Candidates {
  const found: Candidates = { numberRuns: [], tokens: [], isAscii: true };
  const bytes = new Uint8Array((Math.min(CHUNK, text.length) + 15) & ~7);
  for (let from = 0; from < text.length; from += CHUNK - OVERLAP) {
    const chunk = text.slice(from, from + CHUNK);
    // Bytes are read several times faster than characters. As many bytes as characters: all of it is ASCII.
    const { read, written } = encoder.encodeInto(chunk, bytes);
    const isAscii = read === chunk.length && written === read;
    if (!isAscii) found.isAscii = false;
    if (isAscii && !chunk.includes('`') && !chunk.includes('{'))
      findAsciiCandidates(bytes, read, from, found);
    else findCandidatesOfAnyScript(text, from, from + chunk.length, found);
  }
  return found;
}

function findCandidatesOfAnyScript(text: string, from: number, to: number, found: Candidates): void {
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
