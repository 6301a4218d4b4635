import { IdentityError } from '../error.ts';
import { commonPasswords } from './common-passwords.ts';

/** NIST SP 800-63B-4, 3.1.1.1: 15 characters where the password stands alone, 8 where a factor stands beside it. */
export const shortestAlone = 15;
export const shortestWithFactor = 8;
export const shortestFor = (withFactor: boolean): number => (withFactor ? shortestWithFactor : shortestAlone);

/** Letters that people write as digits and signs. */
const lookalikes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** The shortest word whose repetition gives the text. */
function foldRepetition(text: string): string {
  // A text that repeats a word stands again in its own double before its end, first one word further.
  const period = `${text}${text}`.indexOf(text, 1);
  return period > 0 ? text.slice(0, period) : text;
}

const strides = [
  '0123456789',
  '9876543210',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
];

/** Nothing but neighbours: `123456789012345`, `abcdefgh`. */
function isStride(text: string): boolean {
  return strides.some((stride) => stride.repeat(Math.ceil(text.length / stride.length) + 1).includes(text));
}

/**
 * Whether the whole password is a common one or made from one: other case, look-alike signs, repetition, digits and
 * signs around it. A common word inside a longer phrase is no reason (3.1.1.2 of the same: no substrings).
 * @param personal words that belong to the account or the service; they count like common ones.
 */
export function isCommon(password: string, personal: readonly string[] = []): boolean {
  const text = password.normalize('NFKC').toLowerCase().replace(/\s/g, '');
  const words = new Set(personal.map((word) => word.toLowerCase()).filter((word) => word.length >= 3));
  const known = (word: string) =>
    word === '' || commonPasswords.has(word) || words.has(word) || isStride(word);
  const read = Array.from(text, (sign) => lookalikes[sign] ?? sign).join('');
  const folded = foldRepetition(text);
  return [
    text,
    folded,
    read,
    foldRepetition(read),
    ...[text, folded, read].map((each) => foldRepetition(each.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ''))),
    // `p4ssw0rd2026!`: the ending goes before the look-alikes are read.
    foldRepetition(Array.from(text.replace(/[^\p{L}]+$/gu, ''), (sign) => lookalikes[sign] ?? sign).join('')),
  ].some((each) => each.length < 3 || known(each));
}

/**
 * Length and the list; no rules about kinds of characters (3.1.1.2).
 * @param shortest in characters, as people count them.
 * @throws IdentityError `identity-password-too-short`, `identity-password-common`
 */
export function checkNewPassword(password: string, shortest: number, personal: readonly string[]): void {
  if (Array.from(password.normalize('NFKC')).length < shortest)
    throw new IdentityError('identity-password-too-short');
  if (isCommon(password, personal)) throw new IdentityError('identity-password-common');
}

/** The words of an e-mail address that somebody who knows the person would try. */
export function personalWords(email: string): string[] {
  return [...email.toLowerCase().split(/[^\p{L}]+/u), email.toLowerCase().split('@')[0] ?? ''];
}
