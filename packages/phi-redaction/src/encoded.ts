import type { Finding } from './finding.ts';
import { holdsRun, tableOf } from './holds-run.ts';
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
  if (!holdsRun(text, isOfBase64, SHORTEST)) return [];
  return matchesOf(text, BASE64).flatMap(({ 0: run, index }): Finding[] => {
    const inside = decode(run);
    if (inside === undefined || !hasIdentifiers(inside)) return [];
    return [{ start: index, end: index + run.length, kind: 'number', source: 'form' }];
  });
}

const isOfBase64 = tableOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-');

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
