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
  if (!value.isWellFormed()) throw refusal('an unpaired surrogate');
  return JSON.stringify(value);
}

function writeArray(values: readonly unknown[], depth: number): string {
  // Array.from makes holes visible as undefined, which is refused.
  return `[${Array.from(values, (value) => write(value, depth + 1)).join(',')}]`;
}

function writeObject(value: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refusal('an instance of a class');
  if (Object.getOwnPropertySymbols(value).length > 0) throw refusal('a symbol as key');
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${writeString(key)}:${write(member, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function refusal(detail: string): TransparencyLogError {
  return new TransparencyLogError('value-not-canonical', { detail });
}
