import type { Finding } from './finding.ts';
import { matchesOf } from './matches.ts';
import type { View } from './view.ts';

const SHORTEST = 16;
/** As long as the shortest address that tells of somebody; base64url included. */
const BASE64 = /[A-Za-z0-9+/_-]{16,}={0,2}/g;
/** Whatever has no control characters, and nothing that was no text. */
const READABLE = /^[^\p{C}\ufffd]+$/u;
const WHITE_SPACE = /[\t\n\r]/gu;

/**
 * Runs of base64 whose text has identifiers itself. What is encoded three times, or otherwise, is not seen.
 * @param hasIdentifiers searches the text inside
 */
export function findEncoded({ text }: View, hasIdentifiers: (inside: string) => boolean): Finding[] {
  if (!mayHoldRun(text)) return [];
  return matchesOf(text, BASE64).flatMap(({ 0: run, index }): Finding[] => {
    const inside = decode(run);
    if (inside === undefined || !hasIdentifiers(inside)) return [];
    return [{ start: index, end: index + run.length, kind: 'number', source: 'form' }];
  });
}

const isOfBase64 = new Uint8Array(128);
for (const sign of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-')
  isOfBase64[sign.charCodeAt(0)] = 1;

/** A run covers a place of every sixteen: most texts are seen not to hold one by looking at few of their signs. */
function mayHoldRun(text: string): boolean {
  for (let place = SHORTEST - 1; place < text.length; ) {
    if (isOfBase64[text.charCodeAt(place)] !== 1) {
      place += SHORTEST;
      continue;
    }
    let from = place;
    while (from > 0 && place - from < SHORTEST && isOfBase64[text.charCodeAt(from - 1)] === 1) from -= 1;
    let end = place + 1;
    while (end < text.length && end - from < SHORTEST && isOfBase64[text.charCodeAt(end)] === 1) end += 1;
    if (end - from >= SHORTEST) return true;
    place = end + SHORTEST - 1;
  }
  return false;
} // prettier-ignore

function decode(run: string): string | undefined {
  // Words and links are no base64 of printable text: nearly all end here.
  const bare = run.replace(/=+$/u, '').replaceAll('-', '+').replaceAll('_', '/');
  if (bare.length % 4 === 1) return undefined;
  const inside = readUtf(atob(bare));
  return READABLE.test(inside) ? inside : undefined;
}

/** UTF-8, or UTF-16 of letters that need one byte. */
function readUtf(bytes: string): string {
  const letters = bytes.replaceAll(WHITE_SPACE, ' ').replaceAll('\0', '');
  // eslint-disable-next-line no-control-regex -- the ASCII range is what is asked for
  if (/^[\u0000-\u007f]*$/u.test(letters)) return letters;
  return new TextDecoder().decode(Uint8Array.from(letters, (byte) => byte.charCodeAt(0)));
}
