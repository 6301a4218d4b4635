import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { FieldEncryptionError } from '../error.ts';
import { dataKeyLength, refuseUnwrap, type KeyManagement } from './key-management.ts';

const version = 1;
const ivLength = 12;
const tagLength = 16;
const headLength = 1 + ivLength + tagLength;

/**
 * AES-256-GCM under one key held in memory. As the root it is the default of a single machine and is refused in
 * production; under a tenant's key it wraps the keys of that tenant's patients.
 */
export function createLocalKeyManagement(options: { rootKey: Buffer; rootKeyId: string }): KeyManagement {
  if (options.rootKey.length !== dataKeyLength)
    throw new FieldEncryptionError('key-malformed', 'The root key file must hold 32 bytes.');
  const rootKey = createSecretKey(options.rootKey);
  return {
    opens: (keyId) => keyId === options.rootKeyId,
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
          refuseUnwrap(`a key wrapped by ${keyId} does not unwrap under ${options.rootKeyId}`, error),
        );
      }
    },
  };
}
