import { randomBytes } from 'node:crypto';
import { types } from 'node:util';
import { TransparencyLogError } from './error.ts';
import { assertBytes, hashBytes } from './merkle/hash.ts';

export const SALT_BYTES = 32;

/** Sets these hashes apart from every other use of SHA-256; the version is part of it. */
const CONTEXT = Buffer.from('transparency-log/commitment@v1\n');

/** A fresh salt. Keep it beside the data, never in the log; whoever destroys it cuts the data's tie to the log. */
export function generateSalt(): Uint8Array {
  return Uint8Array.from(randomBytes(SALT_BYTES));
}

/**
 * The log entry that stands for some data: SHA-256(context || salt || data), 32 bytes. It fixes the data, and says
 * nothing about it to someone without the salt, however easily the data could be guessed. Context and salt have fixed
 * lengths, so no two pairs of salt and data make the same message.
 * @param data in one canonical form, such as canonicalizeJson makes; strings are taken as UTF-8
 * @throws TransparencyLogError `salt-invalid`, `entry-invalid`, `value-not-canonical` (a string that UTF-8 cannot hold)
 */
export function commit(salt: Uint8Array, data: Uint8Array | string): Uint8Array {
  if (!types.isUint8Array(salt) || salt.length !== SALT_BYTES) throw new TransparencyLogError('salt-invalid');
  if (typeof data !== 'string') assertBytes(data);
  else if (!data.isWellFormed()) throw new TransparencyLogError('value-not-canonical');
  const length = typeof data === 'string' ? Buffer.byteLength(data) : data.length;
  const message = Buffer.allocUnsafe(CONTEXT.length + SALT_BYTES + length);
  message.set(CONTEXT);
  message.set(salt, CONTEXT.length);
  if (typeof data === 'string') message.write(data, CONTEXT.length + SALT_BYTES, 'utf8');
  else message.set(data, CONTEXT.length + SALT_BYTES);
  return hashBytes(message);
}
