/** One form in which a value may lie somewhere. */
export interface Trace {
  /** Names the value and the form, for the report of a find. */
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
    const form = `${value} ${spelling}`;
    const utf8 = Buffer.from(text, 'utf8');
    const little = Buffer.from(text, 'utf16le');
    traces.push(
      { form, bytes: utf8 },
      { form: `${form} in UTF-16 LE`, bytes: little },
      { form: `${form} in UTF-16 BE`, bytes: Buffer.from(little).swap16() },
      { form: `${form} in hexadecimal`, bytes: Buffer.from(utf8.toString('hex')) },
      ...[0, 1, 2].map((offset) => ({
        form: `${form} in base64 at ${offset}`,
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

/**
 * Makes the search for many traces in one pass: an installation holds a few hundred megabytes, and there are a few hundred
 * forms to look for. The returned function answers which of them lie in `bytes`.
 */
export function searchFor(traces: readonly Trace[]): (bytes: Buffer) => string[] {
  const byStart = new Map<number, Trace[]>();
  for (const trace of traces) {
    const start = trace.bytes.readUInt16BE(0);
    byStart.set(start, [...(byStart.get(start) ?? []), trace]);
  }
  const starts = new Uint8Array(65_536);
  for (const start of byStart.keys()) starts[start] = 1;
  return (bytes) => {
    const found = new Set<string>();
    let start = 0;
    for (let end = 0; end < bytes.length; end += 1) {
      start = ((start << 8) | (bytes[end] ?? 0)) & 0xffff;
      if (starts[start] !== 1 || end === 0) continue;
      for (const trace of byStart.get(start) ?? [])
        if (bytes.subarray(end - 1, end - 1 + trace.bytes.length).equals(trace.bytes)) found.add(trace.form);
    }
    return [...found];
  };
}
