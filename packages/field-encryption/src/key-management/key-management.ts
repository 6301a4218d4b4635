import { randomBytes } from 'node:crypto';
import { FieldEncryptionError } from '../error.ts';

/** The root of the key hierarchy: wraps keys without ever giving its own. Local key file, cloud KMS, Vault transit. */
export interface KeyManagement {
  /**
   * `context` (tenant, purpose) is authenticated: a wrapped key moved elsewhere does not unwrap. The key id names the root
   * key and its version; it is not secret.
   * @throws FieldEncryptionError `key-management-unavailable`.
   */
  wrap(key: Buffer, context: string): Promise<{ wrapped: Buffer; keyId: string }>;
  /** @throws FieldEncryptionError `key-unwrap-failed`, `key-management-unavailable`. */
  unwrap(wrapped: Buffer, keyId: string, context: string): Promise<Buffer>;
  /** Whether a key id is one of this kind of key management. */
  opens(keyId: string): boolean;
}

/** Bytes of a data key: AES-256. */
export const dataKeyLength = 32;

/** 32 random bytes. */
export function generateDataKey(): Buffer {
  return randomBytes(dataKeyLength);
}

/** It answered, and the answer is that this key does not open under this root key in this context. */
export function refuseUnwrap(detail: string, cause?: unknown): FieldEncryptionError {
  return new FieldEncryptionError('key-unwrap-failed', 'The record cannot be opened at the moment.', {
    detail,
    cause,
  });
}

/** It did not answer, or would not: nothing is known about the key. */
export function refuseAway(detail: string, cause?: unknown): FieldEncryptionError {
  return new FieldEncryptionError(
    'key-management-unavailable',
    'Key management does not answer, so keys that are not in use already cannot be opened. Try again in a moment.',
    { detail, cause },
  );
}
