import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { IdentityError } from '../error.ts';

const deriveArgon2 = promisify(argon2);

/** OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes, one lane. Memory in KiB. */
const current = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const tagLength = 32;
/** Longest password in bytes that is hashed; NIST SP 800-63B-4 asks for at least 64 characters. */
export const longestPassword = 512;

const phcForm =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

/**
 * Hashing takes a core and one of the four threads of Node's pool each. One core stays with the thread that answers, one
 * thread with signatures.
 */
export const hashesAtOnce = Math.max(1, Math.min(availableParallelism(), 4) - 1);
/** How many hashes may wait; further requests are refused with a time to retry, so that a flood cannot fill the memory. */
const longestQueue = 1_000;

let running = 0;
const waiting: (() => void)[] = [];

async function takeTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= hashesAtOnce) {
    if (waiting.length >= longestQueue) throw new IdentityError('identity-busy', { retryAfterSeconds: 5 });
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    // The turn is handed on, not given back: nobody can slip in between.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

function derive(
  password: string,
  nonce: Buffer,
  parameters: typeof current | Record<keyof typeof current, number>,
) {
  // One password has one form, however a keyboard composed its accents (NIST SP 800-63B-4, 3.1.1.2).
  const message = Buffer.from(password.normalize('NFKC'), 'utf8');
  return takeTurn(() => deriveArgon2('argon2id', { message, nonce, tagLength, ...parameters }));
}

const unpadded = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** @returns the hash in PHC form, with its parameters and salt. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive(password, nonce, current);
  const { memory, passes, parallelism } = current;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(tag)}`;
}

/**
 * Compares in constant time. Without a stored hash (no such account, or one without a password) it does the same
 * work and answers false, so that the time does not tell which accounts exist.
 * @throws IdentityError `identity-busy` when the queue is full.
 */
export async function verifyPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  const parts = stored ? phcForm.exec(stored) : null;
  const [, memory, passes, parallelism, nonce, tag] = parts ?? [];
  if (!memory || !passes || !parallelism || !nonce || !tag) {
    await derive(password, randomBytes(16), current);
    return false;
  }
  const expected = Buffer.from(tag, 'base64');
  const actual = await derive(password, Buffer.from(nonce, 'base64'), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  });
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
