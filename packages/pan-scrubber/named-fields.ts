import { isNhsNumber } from './measurements.ts';

/**
 * Fields whose name and content both say that they hold another kind of number: such a field is searched by itself,
 * but not joined with its neighbours. A card number in a field of that name does not have its shape. Whole words only:
 * a message is no age.
 */
const namedShapes: readonly (readonly [word: RegExp, hasShape: (text: string) => boolean])[] = [
  [/\bnhs\b/, (text) => isNhsNumber(text)],
  [/\b(?:(?:tele|mobile)?phone|tel|mobile|fax)\b/, (text) => /^[+0][\d ()-]{8,16}$/.test(text)],
  [
    /\b(?:date|dob|birth(?:date|day)?|time(?:stamp)?|year)\b|\bat\W*$/,
    (text) => /^(?:19|20)\d\d[\dTZ:. /-]*$/.test(text),
  ],
  [
    /\b(?:date|dob|birth(?:date|day)?)\b/,
    (text) =>
      /^\d{1,2}[./ -]\d{1,2}[./ -](?:\d\d|\d{4})$/.test(text) ||
      /^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d$/.test(text),
  ],
  [
    /\b(?:age|weight|height|pulse|pressure|temp(?:erature)?|score|count)\b/,
    (text) => /^\d[\d.]{0,6}$/.test(text),
  ],
];

/** @param name what stands before a value, in words */
export function holdsWhatItsNameSays(name: string, content: string): boolean {
  const words = name.toLowerCase();
  const text = content.trim();
  return namedShapes.some(([word, hasShape]) => word.test(words) && hasShape(text));
}

/** The words of a key: "dateOfBirth", "received_at", "NHSNumber". */
export function wordsOfKey(key: string): string {
  return key.replace(/[a-z](?=[A-Z])|[A-Z](?=[A-Z][a-z])/g, '$& ').replace(/[\d_]+/g, ' ');
}
