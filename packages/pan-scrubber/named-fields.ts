import { isNhsNumber } from './measurements.ts';

/**
 * Fields whose name and content both say that they hold another kind of number: such a field is searched by itself,
 * but not joined with its neighbours. A card number in a field of that name does not have its shape.
 */
const namedShapes: readonly (readonly [name: RegExp, hasShape: (text: string) => boolean])[] = [
  [/nhs/i, (text) => isNhsNumber(text)],
  [/phone|tel|mobile|fax/i, (text) => /^[+0][\d ()-]{8,16}$/.test(text)],
  [/date|dob|birth|time|_?at$|year/i, (text) => /^(?:19|20)\d\d[\dTZ:. /-]*$/.test(text)],
  [/date|dob|birth/i, (text) => /^\d{1,2}[./ -]\d{1,2}[./ -](?:\d\d|\d{4})$/.test(text)],
  [/date|dob|birth/i, (text) => /^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d$/.test(text)],
  [/age|weight|height|pulse|pressure|temp|score|count/i, (text) => /^\d[\d.]{0,6}$/.test(text)],
];

export function holdsWhatItsNameSays(name: string, content: string): boolean {
  const text = content.trim();
  return namedShapes.some(([pattern, hasShape]) => pattern.test(name) && hasShape(text));
}
