import { HASH_BYTES } from '../merkle/hash.ts';

/** Decodes standard base64 in its one canonical spelling; undefined for any other. RFC 4648, sections 3.5 and 4. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? Uint8Array.from(bytes) : undefined;
}

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

export function decodeHash(text: string): Uint8Array | undefined {
  const hash = text.length === 44 ? decodeBase64(text) : undefined;
  return hash?.length === HASH_BYTES ? hash : undefined;
}

/** Decodes an ASCII decimal without leading zeroes that JavaScript can hold exactly; undefined for any other. */
export function decodeDecimal(text: string): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
