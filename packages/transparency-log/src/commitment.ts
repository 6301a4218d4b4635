import { randomBytes } from 'node:crypto';
import { types } from 'node:util';
import { TransparencyLogError } from './error.ts';
import { assertBytes, hashBytes } from './merkle/hash.ts';

export const SALT_BYTES = 32;

/** Sets these hashes apart from every other use of SHA-256; the version is part of it. */
const CONTEXT = Buffer.from('transparency-log/commitment@v1\n');

const DATA_AT = CONTEXT.length + SALT_BYTES;
/** For messages of ordinary length. Everything here is synchronous: no two of them share it. */
const scratch = Buffer.alloc(16 * 1024);

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
  // A UTF-16 unit takes three bytes at most; what surely fits needs neither to be measured nor a buffer of its own.
  const most = typeof data === 'string' ? data.length * 3 : data.length;
  const message = DATA_AT + most <= scratch.length ? scratch : Buffer.alloc(DATA_AT + most);
  message.set(CONTEXT);
  message.set(salt, CONTEXT.length);
  let length: number;
  if (typeof data === 'string') length = message.write(data, DATA_AT, 'utf8');
  else {
    message.set(data, DATA_AT);
    length = data.length;
  }
  return hashBytes(message.subarray(0, DATA_AT + length));
}
