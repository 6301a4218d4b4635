import { TransparencyLogError } from './error.ts';

const MAX_DEPTH = 32;

/**
 * The one JSON text of a value: keys in order of their UTF-16 units, no spaces, numbers and strings as ECMAScript
 * writes them. What JSON cannot hold without loss (undefined, NaN, big integers, dates, class instances, unpaired
 * surrogates) is refused, not dropped: else two different values would have one text.
 * @throws TransparencyLogError `value-not-canonical`
 * @see RFC 8785, JSON Canonicalization Scheme
 */
export function canonicalizeJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw refusal(`more than ${MAX_DEPTH} levels`);
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'number':
      if (!Number.isFinite(value)) throw refusal('a number that is not finite');
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return writeArray(value, depth);
      return writeObject(value, depth);
    default:
      throw refusal(`a ${typeof value}`);
  }
}

function writeString(value: string): string {
  // Most strings are printable ASCII without quote or backslash and need no escape: asking is cheaper than escaping.
  if (/^[ !#-[\]-~]*$/.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw refusal('an unpaired surrogate');
  return JSON.stringify(value);
}

function writeArray(values: readonly unknown[], depth: number): string {
  if (Object.keys(values).length !== values.length) throw refusal('an array with holes or named members');
  let text = '[';
  for (const value of values) text += (text.length === 1 ? '' : ',') + write(value, depth + 1);
  return `${text}]`;
}

function writeObject(value: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refusal('an instance of a class');
  if (Object.getOwnPropertySymbols(value).length > 0) throw refusal('a symbol as key');
  const members = value as Readonly<Record<string, unknown>>;
  let text = '{';
  // Sorting without a comparison function is by UTF-16 units.
  for (const key of Object.keys(members).sort()) {
    text += `${text.length === 1 ? '' : ','}${writeString(key)}:${write(members[key], depth + 1)}`;
  }
  return `${text}}`;
}

function refusal(detail: string): TransparencyLogError {
  return new TransparencyLogError('value-not-canonical', { detail });
}
