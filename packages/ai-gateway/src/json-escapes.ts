import { AiGatewayError } from './error.ts';

/** An escape of a JSON string (RFC 8259, 7), whole or still without its end. */
const ESCAPE = /\\(?:u([\da-f]{4})|u[\da-f]{0,3}$|[^u]|$)/giu;
/** What a JSON string may not have as it is, so that it reads otherwise than it stands. */
export const ESCAPED = /[\u0000-\u001f"\\]/u; // eslint-disable-line no-control-regex -- these are what the standard names

/**
 * Writes characters for the escapes that JSON would not need: behind `\u0034` nobody would see a 4. For a text in pieces; an escape
 * that may go on is held back.
 */
export function openEscapes(): { readonly push: (piece: string) => string; readonly rest: () => string } {
  let held = '';
  return {
    push: (piece) => {
      const text = held + piece;
      held = '';
      return text.replace(ESCAPE, (escape: string, code: string | undefined, at: number) => {
        if (code !== undefined) {
          const character = String.fromCharCode(Number.parseInt(code, 16));
          return ESCAPED.test(character) ? escape : character;
        }
        if (escape === '\\/') return '/';
        const open = escape === '\\' || escape.startsWith('\\u');
        if (open && at + escape.length === text.length) {
          held = escape;
          return '';
        }
        return escape;
      });
    },
    rest: () => held,
  };
}

const MAX_DEPTH = 32;

/**
 * Every string and key of a JSON text, read as a program will read it.
 * @throws {AiGatewayError} `ai-provider-failed` when it is no JSON, or nested too deep
 */
export function listStrings(json: string): string[] {
  try {
    return collect(JSON.parse(json), 0);
  } catch (cause) {
    throw new AiGatewayError('ai-provider-failed', 'the arguments of a tool are no JSON', { cause });
  }
}

function collect(value: unknown, depth: number): string[] {
  if (depth > MAX_DEPTH) throw new RangeError('nested too deep');
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [
    ...(Array.isArray(value) ? [] : [key]),
    ...collect(each, depth + 1),
  ]);
}
