/** One form in which a value may lie somewhere. */
export interface Trace {
  readonly form: string;
  readonly bytes: Buffer;
}

/**
 * The forms of a value to look for: as it is and in its usual spellings, in UTF-8, in UTF-16 of either byte order, in
 * hexadecimal, and in base64 at each of the three places a value can have in what was encoded.
 */
export function tracesOf(value: string): Trace[] {
  const traces: Trace[] = [];
  for (const [spelling, text] of Object.entries(spellingsOf(value))) {
    const utf8 = Buffer.from(text, 'utf8');
    const little = Buffer.from(text, 'utf16le');
    traces.push(
      { form: spelling, bytes: utf8 },
      { form: `${spelling} in UTF-16 LE`, bytes: little },
      { form: `${spelling} in UTF-16 BE`, bytes: Buffer.from(little).swap16() },
      { form: `${spelling} in hexadecimal`, bytes: Buffer.from(utf8.toString('hex')) },
      ...[0, 1, 2].map((offset) => ({
        form: `${spelling} in base64 at ${offset}`,
        bytes: Buffer.from(encodeWithin(utf8, offset)),
      })),
    );
  }
  return traces;
}

function spellingsOf(value: string): Record<string, string> {
  if (!/^\d{13,19}$/.test(value))
    return { plain: value, 'in small letters': value.toLowerCase(), 'in capitals': value.toUpperCase() };
  const groups = value.length === 15 ? /^(\d{4})(\d{6})(\d{5})$/ : /^(\d{4})(\d{4})(\d{4})(\d+)$/;
  const grouped = (separator: string): string => (groups.exec(value) ?? []).slice(1).join(separator);
  return { plain: value, grouped: grouped(' '), 'with hyphens': grouped('-') };
}

/** The base64 characters that depend on the value alone when `offset` (modulo 3) bytes stand before it. */
function encodeWithin(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const end = (offset + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
  return encoded.slice(Math.ceil((offset * 8) / 6), end);
}

/** Which of the traces lie in `bytes`. */
export function findTraces(bytes: Buffer, traces: readonly Trace[]): string[] {
  return traces.filter((trace) => bytes.includes(trace.bytes)).map(({ form }) => form);
}
