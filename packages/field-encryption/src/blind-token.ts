import { createHmac, createSecretKey } from 'node:crypto';

/** A blind index token: HMAC-SHA-256 of the normalised value, with a key of its own for each tenant and column. */
export function blindToken(key: Buffer, column: string, normalised: string): Buffer {
  const columnKey = createHmac('sha256', createSecretKey(key)).update(`column\0${column}`, 'utf8').digest();
  return createHmac('sha256', createSecretKey(columnKey)).update(normalised, 'utf8').digest();
}
