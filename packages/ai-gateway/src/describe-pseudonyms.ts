import type { Pseudonyms } from '@cordon/phi-redaction';

/** A text as it may be kept: something stands where somebody's name stood, and nobody can turn it back. */
export function describePseudonyms(pseudonyms: Pseudonyms, text: string): string {
  return pseudonyms.restore(text, () => '[personal detail]');
}
