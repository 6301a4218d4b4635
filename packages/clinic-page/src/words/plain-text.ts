/** The joiners of scripts and emoji, what makes a sign an emoji, and the marks of direction that change nothing but their own place. */
const harmless = new Set(['\n', '\t', '\u200C', '\u200D', '\u200E', '\u200F', '\uFE0E', '\uFE0F']);

/**
 * Text of a program or of somebody else, as it can be seen: without control characters, overrides of the writing direction, tag
 * characters and others that nobody sees and that hide or turn about what stands there (Unicode TR 36 and 39).
 */
export function showPlainly(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Variation_Selector}]/gu, (character) =>
    harmless.has(character) ? character : '',
  );
}
