/** Why a JSON text was not taken. */
export type JsonFault = 'malformed' | 'too-long' | 'too-deep' | 'duplicate-key' | 'forbidden-key';

export interface JsonBounds {
  readonly maxCharacters: number;
  readonly maxDepth: number;
}

export type StrictJson =
  | { readonly ok: true; readonly value: unknown }
  /** `field`: the innermost key at fault, at most 60 characters; '' where the text has none there. */
  | { readonly ok: false; readonly fault: JsonFault; readonly field: string };

/** Keys that reach a prototype in careless code (CWE-1321). */
const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const refuse = (fault: JsonFault, field = ''): StrictJson => ({
  ok: false,
  fault,
  field: field.slice(0, 60),
});

/**
 * JSON (RFC 8259) of an untrusted sender. `JSON.parse` keeps the last of two equal keys and nests without a bound, so
 * that two readers of one text may see two values: the text is looked over once, linearly, before it is parsed.
 */
export function readStrictJson(text: string, bounds: JsonBounds): StrictJson {
  if (text.length > bounds.maxCharacters) return refuse('too-long');
  const open: Set<string>[] = [];
  let lastKey = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{' || character === '[') {
      if (open.length >= bounds.maxDepth) return refuse('too-deep', lastKey);
      open.push(new Set());
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === '"') {
      const end = endOfString(text, at);
      if (end === -1) return refuse('malformed', lastKey);
      if (isKey(text, end)) {
        const key = decode(text.slice(at, end));
        if (key === null) return refuse('malformed', lastKey);
        if (forbidden.has(key)) return refuse('forbidden-key', key);
        const keys = open.at(-1);
        if (keys?.has(key)) return refuse('duplicate-key', key);
        keys?.add(key);
        lastKey = key;
      }
      at = end - 1;
    }
  }
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return refuse('malformed', lastKey);
  }
}

/** One behind the closing quote, or −1. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}

function isKey(text: string, from: number): boolean {
  let at = from;
  while (' \t\n\r'.includes(text[at] ?? '-')) at += 1;
  return text[at] === ':';
}

function decode(literal: string): string | null {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return null;
  }
}
