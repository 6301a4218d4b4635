/** A window of digits with prefix, length and Luhn already confirmed. */
export interface WindowShape {
  readonly rank: 'common' | 'rare';
  readonly digits: readonly number[];
  /** Gap before each digit, a `Kind` and perhaps `WIDE_GAP`; the first one lies outside the window. */
  readonly gaps: readonly number[];
  readonly weakDigits: number;
  readonly edgeInShortWord: boolean;
  /** Begins inside a solid run, behind zeros that pad it. */
  readonly behindZeros: boolean;
}

/** Each digit by itself, but for the few that a scanner pushed together. */
export function isOneByOne(gaps: readonly number[]): boolean {
  const joined = gaps.filter((gap, at) => at > 0 && gap === 0).length;
  return joined <= gaps.length >> 3;
}
