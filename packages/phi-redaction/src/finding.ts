/** What an identifier is; also the first word of its pseudonym, so that a model can still write a sensible sentence. */
export const IDENTIFIER_KINDS = [
  'person',
  'date',
  'phone',
  'email',
  'address',
  'postcode',
  'number',
  'link',
] as const;

export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/** Where an identifier stands and how it was known; never what it is. */
export interface Finding {
  /** Half-open range of UTF-16 code units in the searched text. */
  readonly start: number;
  readonly end: number;
  readonly kind: IdentifierKind;
  /** `record`: it is of the person whom the text is about. `form`: by how it is written. `context`: by what stands around it. */
  readonly source: 'record' | 'form' | 'context';
}

/**
 * Sorted, without overlap. Of two that overlap the union is kept under the kind of the one that begins first, so that
 * no character of either survives.
 */
export function mergeFindings(findings: readonly Finding[]): Finding[] {
  if (findings.length < 2) return [...findings];
  const merged: Finding[] = [];
  for (const finding of findings.toSorted(inOrder)) {
    const last = merged.at(-1);
    if (last === undefined || finding.start >= last.end) merged.push(finding);
    else if (finding.end > last.end) merged[merged.length - 1] = { ...last, end: finding.end };
  }
  return merged;
}

/** Of two over the same characters the form comes first: it knows a date of birth from a number. */
function inOrder(a: Finding, b: Finding): number {
  return a.start - b.start || b.end - a.end || Number(b.source === 'form') - Number(a.source === 'form');
}
