import { hkdfSync, timingSafeEqual } from 'node:crypto';
import { FieldEncryptionError } from '../error.ts';
import { refuseAway, refuseUnwrap, type KeyManagement } from './key-management.ts';

/** Before what was wrapped with a check; no service's own form begins so. */
const mark = Buffer.from('cordon-checked-1\n', 'latin1');
const checkLength = 32;

/** Tells one key from another and says nothing of it: a derived value of its own, bound to the context (RFC 5869). */
function checkOf(key: Buffer, context: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `cordon key check ${context}`, checkLength));
}

/**
 * Believes a service across the network nothing about keys that it can check itself. What is wrapped is opened again before it is
 * kept, for it may be about to take the place of the only other copy; and what is opened must be the key that was wrapped,
 * or records would be written under a key that nobody can ever open again.
 */
export function checkAnswers(service: KeyManagement): KeyManagement {
  return {
    opens: (keyId) => service.opens(keyId),

    async wrap(key, context) {
      const made = await service.wrap(key, context);
      const again = await service
        .unwrap(made.wrapped, made.keyId, context)
        .catch((error: unknown) => refuseUnopened(error));
      const same = again.length === key.length && timingSafeEqual(again, key);
      again.fill(0);
      if (!same) return refuseUnopened();
      return {
        wrapped: Buffer.concat([mark, checkOf(key, context), made.wrapped]),
        keyId: made.keyId,
      };
    },

    async unwrap(wrapped, keyId, context) {
      // Wrapped before there were checks.
      if (!wrapped.subarray(0, mark.length).equals(mark)) return service.unwrap(wrapped, keyId, context);
      const end = mark.length + checkLength;
      const key = await service.unwrap(wrapped.subarray(end), keyId, context);
      if (wrapped.length > end && timingSafeEqual(checkOf(key, context), wrapped.subarray(mark.length, end)))
        return key;
      key.fill(0);
      throw refuseUnwrap('key management answered with another key than was wrapped');
    },
  };
}

/** Nothing was lost: what was to be wrapped is still under its earlier key, or was not used yet. */
function refuseUnopened(error?: unknown): never {
  if (error instanceof FieldEncryptionError && error.code === 'key-management-unavailable') throw error;
  throw refuseAway('key management does not open what it has just wrapped', error);
}
