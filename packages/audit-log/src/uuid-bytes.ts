export const uuidBytes = 16;
export const uuidLength = 36;

const hyphen = 0x2d;

/** Writes the 36 characters of a UUID at `at`. Both sides must have room; the caller has asked. */
export function writeUuid(target: Uint8Array, at: number, source: Uint8Array, start: number): void {
  let to = at;
  for (let byte = 0; byte < uuidBytes; byte += 1) {
    const value = source[start + byte] ?? 0;
    target[to] = digit(value >> 4);
    target[to + 1] = digit(value & 15);
    to += 2;
    if (byte === 3 || byte === 5 || byte === 7 || byte === 9) {
      target[to] = hyphen;
      to += 1;
    }
  }
}

function digit(value: number): number {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

const scratch = Buffer.alloc(uuidLength);

/** The lower-case text of the 16 bytes at `start` (RFC 9562). */
export function formatUuid(source: Uint8Array, start: number): string {
  writeUuid(scratch, 0, source, start);
  return scratch.toString('latin1');
}

/** The 16 bytes of a UUID in its lower-case form; what it does with other texts is nobody's to rely on. */
export function parseUuid(text: string): Buffer {
  return Buffer.from(text.replaceAll('-', ''), 'hex');
}
