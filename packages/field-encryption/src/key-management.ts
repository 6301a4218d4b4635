import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { FieldEncryptionError } from './error.ts';

/** The root of the key hierarchy: wraps keys without ever giving its own. Local key file, cloud KMS, Vault transit. */
export interface KeyManagement {
  /** `context` (tenant, purpose) is authenticated: a wrapped key moved elsewhere does not unwrap. */
  wrap(key: Buffer, context: string): Promise<{ wrapped: Buffer; keyId: string }>;
  /** @throws FieldEncryptionError `key-unwrap-failed`, `key-management-unavailable`. */
  unwrap(wrapped: Buffer, keyId: string, context: string): Promise<Buffer>;
}

const version = 1;
const ivLength = 12;
const tagLength = 16;
const headLength = 1 + ivLength + tagLength;

/** 32 random bytes. */
export function generateDataKey(): Buffer {
  return randomBytes(32);
}

/**
 * AES-256-GCM under one key held in memory. As the root it is the default of a single machine and is refused in
 * production; under a tenant's key it wraps the keys of that tenant's patients.
 */
export function createLocalKeyManagement(options: { rootKey: Buffer; rootKeyId: string }): KeyManagement {
  if (options.rootKey.length !== 32)
    throw new FieldEncryptionError('key-malformed', 'The root key file must hold 32 bytes.');
  const rootKey = createSecretKey(options.rootKey);
  return {
    wrap(key, context) {
      const iv = randomBytes(ivLength);
      const cipher = createCipheriv('aes-256-gcm', rootKey, iv);
      cipher.setAAD(Buffer.from(context, 'utf8'));
      const body = Buffer.concat([cipher.update(key), cipher.final()]);
      const wrapped = Buffer.concat([Buffer.of(version), iv, cipher.getAuthTag(), body]);
      return Promise.resolve({ wrapped, keyId: options.rootKeyId });
    },
    unwrap(wrapped, keyId, context) {
      try {
        if (keyId !== options.rootKeyId || wrapped[0] !== version || wrapped.length <= headLength)
          throw new Error('another key or format');
        const iv = wrapped.subarray(1, 1 + ivLength);
        const decipher = createDecipheriv('aes-256-gcm', rootKey, iv, { authTagLength: tagLength });
        decipher.setAAD(Buffer.from(context, 'utf8'));
        decipher.setAuthTag(wrapped.subarray(1 + ivLength, headLength));
        return Promise.resolve(
          Buffer.concat([decipher.update(wrapped.subarray(headLength)), decipher.final()]),
        );
      } catch (error) {
        return Promise.reject(
          new FieldEncryptionError('key-unwrap-failed', 'The record cannot be opened at the moment.', {
            detail: `a key wrapped by ${keyId} does not unwrap under ${options.rootKeyId}`,
            cause: error,
          }),
        );
      }
    },
  };
}

/** A blind index token: HMAC-SHA-256 of the normalised value, with a key of its own for each tenant and column. */
export function blindToken(key: Buffer, column: string, normalised: string): Buffer {
  const columnKey = createHmac('sha256', createSecretKey(key)).update(`column\0${column}`, 'utf8').digest();
  return createHmac('sha256', createSecretKey(columnKey)).update(normalised, 'utf8').digest();
}
