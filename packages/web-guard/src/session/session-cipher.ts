import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { WebGuardError } from '../error.ts';

/** What is sealed says what it is for and whose it is, so that one cannot be used as another. */
export type SealPurpose = 'session' | 'sign-in';

export interface SessionCipher {
  /** Names the key, without telling it. */
  readonly keyId: string;
  /** Encrypts as a compact JWE (RFC 7516; `dir`, A256GCM). `binding` is authenticated, not secret. */
  seal(purpose: SealPurpose, binding: string, value: object): Promise<string>;
  /** The sealed object, or undefined where key, purpose, binding or a single bit differ. */
  open(purpose: SealPurpose, binding: string, sealed: string): Promise<Record<string, unknown> | undefined>;
  /** HMAC-SHA-256, by which a session is found from an id that is not stored. */
  blind(kind: 'sid' | 'subject' | 'person', value: string): Buffer;
}

function derive(sessionKey: Buffer, use: string): KeyObject {
  const empty = Buffer.alloc(0);
  return createSecretKey(Buffer.from(hkdfSync('sha256', sessionKey, empty, `cordon web-guard ${use}`, 32)));
}

/**
 * Keys for each use derived (HKDF-SHA-256, RFC 5869) from one random key of 32 bytes.
 * @throws WebGuardError `guard-option-invalid` when the key has another length.
 */
export function createSessionCipher(sessionKey: Buffer): SessionCipher {
  if (sessionKey.length !== 32)
    throw new WebGuardError('guard-option-invalid', 'The session key must have 32 bytes.');
  const encryption = derive(sessionKey, 'encryption');
  const blinding = derive(sessionKey, 'blinding');
  const keyId = createHmac('sha256', derive(sessionKey, 'name')).digest('base64url').slice(0, 16);
  return {
    keyId,
    seal: (purpose, binding, value) =>
      new CompactEncrypt(Buffer.from(JSON.stringify(value)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: keyId, use: purpose, binding })
        .encrypt(encryption),
    open: async (purpose, binding, sealed) => {
      try {
        const { plaintext, protectedHeader } = await compactDecrypt(sealed, encryption, {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        });
        if (protectedHeader['use'] !== purpose || protectedHeader['binding'] !== binding) return undefined;
        return JSON.parse(Buffer.from(plaintext).toString('utf8')) as Record<string, unknown>;
      } catch {
        // Another key or tampering: nothing that a caller could do differently.
        return undefined;
      }
    },
    blind: (kind, value) => createHmac('sha256', blinding).update(`${kind}:${value}`).digest(),
  };
}
