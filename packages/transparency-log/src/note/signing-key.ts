import { type KeyObject, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { TransparencyLogError } from '../error.ts';
import { decodeBase64 } from '../text/scalar.ts';
import { isKeyName } from './key-name.ts';
import {
  PUBLIC_KEY_BYTES,
  type SignatureKind,
  type VerifierKey,
  createVerifierKey,
  encodeTypedKey,
  kindOfType,
} from './verifier-key.ts';

export interface SigningKey {
  /** The public half, which others check with. */
  readonly verifierKey: VerifierKey;
  readonly privateKey: KeyObject;
}

/**
 * A signing key from a private key of node:crypto.
 * @throws TransparencyLogError `signing-key-malformed` when it is not a private Ed25519 key, `key-name-invalid`
 */
export function createSigningKey(
  name: string,
  privateKey: KeyObject,
  kind: SignatureKind = 'signature',
): SigningKey {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'ed25519') {
    throw new TransparencyLogError('signing-key-malformed', { detail: `${privateKey.type} key` });
  }
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { verifierKey: createVerifierKey(name, Buffer.from(x, 'base64url'), kind), privateKey };
}

export function generateSigningKey(name: string, kind: SignatureKind = 'signature'): SigningKey {
  return createSigningKey(name, generateKeyPairSync('ed25519').privateKey, kind);
}

const PREFIX = 'PRIVATE+KEY+';
const SEED_BYTES = PUBLIC_KEY_BYTES;
/** PKCS #8 header before the 32-byte seed of an Ed25519 key. RFC 8410, section 7. */
const PKCS8_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Reads a signing key as golang.org/x/mod/sumdb/note writes it: `PRIVATE+KEY+name+keyId+base64(type || seed)`.
 * @throws TransparencyLogError `signing-key-malformed`; the error never holds any of the key
 */
export function parseSigningKey(text: string): SigningKey {
  const malformed = (detail: string): TransparencyLogError =>
    new TransparencyLogError('signing-key-malformed', { detail });
  if (!text.startsWith(PREFIX)) throw malformed('it does not start with PRIVATE+KEY+');
  const rest = text.slice(PREFIX.length);
  const [name = '', keyId = ''] = rest.split('+', 2);
  const seed = decodeBase64(rest.slice(name.length + keyId.length + 2));
  const kind = kindOfType(seed?.[0]);
  if (!isKeyName(name)) throw malformed('no valid name');
  if (seed?.length !== 1 + SEED_BYTES || kind === undefined) throw malformed('not an Ed25519 seed in base64');
  const der = Buffer.concat([PKCS8_HEADER, seed.subarray(1)]);
  const key = createSigningKey(name, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }), kind);
  if (key.verifierKey.keyId !== keyId) throw malformed('the key id does not belong to this name and key');
  return key;
}

/** Writes a signing key for parseSigningKey or Go's note.NewSigner. Whoever holds the text can sign. */
export function formatSigningKey(key: SigningKey): string {
  const { name, keyId, kind } = key.verifierKey;
  const { d = '' } = key.privateKey.export({ format: 'jwk' });
  return `${PREFIX}${name}+${keyId}+${encodeTypedKey(kind, Buffer.from(d, 'base64url'))}`;
}
