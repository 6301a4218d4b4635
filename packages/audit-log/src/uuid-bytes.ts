const digits = Buffer.from('0123456789abcdef', 'latin1');
/** Behind which bytes of a UUID a hyphen stands. */
const hyphenAfter = Array.from({ length: 16 }, (_, byte) => [3, 5, 7, 9].includes(byte));

export const uuidBytes = 16;
export const uuidLength = 36;

/** Writes the 36 characters of a UUID at `at`. Both sides must have room; the caller has asked. */
export function writeUuid(target: Uint8Array, at: number, source: Uint8Array, start: number): void {
  for (let byte = 0, to = at; byte < uuidBytes; byte += 1) {
    const value = source[start + byte] ?? 0;
    target[to] = digits[value >> 4] ?? 0;
    target[to + 1] = digits[value & 15] ?? 0;
    to += 2;
    if (hyphenAfter[byte] === true) {
      target[to] = 0x2d;
      to += 1;
    }
  }
}

const scratch = Buffer.alloc(uuidLength);

export function formatUuid(source: Uint8Array, start: number): string {
  writeUuid(scratch, 0, source, start);
  return scratch.toString('latin1');
}

/** The 16 bytes of a UUID in its lower-case form; what it does with other texts is nobody's to rely on. */
export function parseUuid(text: string): Buffer {
  return Buffer.from(text.replaceAll('-', ''), 'hex');
}
