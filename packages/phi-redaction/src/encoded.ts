import type { Finding } from './finding.ts';
import { matchesOf } from './matches.ts';
import type { View } from './view.ts';

/** As long as the shortest address that tells of somebody; base64url included. */
const BASE64 = /[A-Za-z0-9+/_-]{16,}={0,2}/g;
const PRINTABLE = /^[\t\n\r\x20-\x7e]+$/;

/**
 * Runs of base64 whose text has identifiers itself. One layer: what is encoded twice, or otherwise, is not seen.
 * @param hasIdentifiers searches the text inside
 */
export function findEncoded({ text }: View, hasIdentifiers: (inside: string) => boolean): Finding[] {
  return matchesOf(text, BASE64).flatMap(({ 0: run, index }): Finding[] => {
    const inside = decode(run);
    if (inside === undefined || !hasIdentifiers(inside)) return [];
    return [{ start: index, end: index + run.length, kind: 'number', source: 'form' }];
  });
}

function decode(run: string): string | undefined {
  // Words and links are no base64 of printable text: nearly all end here.
  const bare = run.replace(/=+$/u, '').replaceAll('-', '+').replaceAll('_', '/');
  if (bare.length % 4 === 1) return undefined;
  const inside = atob(bare);
  return PRINTABLE.test(inside) ? inside : undefined;
}
