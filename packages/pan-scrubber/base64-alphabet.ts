/** Values of the base64 and base64url alphabets (RFC 4648, 4 and 5); 64 for every other ASCII character. */
const sextets = new Uint8Array(128).fill(64);
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let value = 0; value < 64; value++) sextets[alphabet.charCodeAt(value)] = value;
sextets[0x2d] = 62;
sextets[0x5f] = 63;

/** Twelve digits in base64. */
export const SHORTEST_TOKEN = 16;

export function isBase64(code: number): boolean {
  return code < 128 && sextets[code] !== 64;
}

/** Six bits; 0 for what is not in the alphabet. */
export function valueOf(code: number): number {
  return (sextets[code] ?? 0) & 63;
}
