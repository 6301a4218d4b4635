import { type KeyObject, createPublicKey, hash } from 'node:crypto';
import { TransparencyLogError } from '../error.ts';
import { decodeBase64, encodeBase64 } from '../text/scalar.ts';
import { assertKeyName, isKeyName } from './key-name.ts';

/** What a key signs: a note's text (type 0x01), or a time and a checkpoint, as a witness does (type 0x04). */
export type SignatureKind = 'signature' | 'cosignature';

export interface VerifierKey {
  readonly name: string;
  readonly kind: SignatureKind;
  /** Eight lower-case hex digits; with the name they say which key a signature line is by. */
  readonly keyId: string;
  /** 32 bytes, as RFC 8032 encodes them. */
  readonly publicKey: Uint8Array;
  readonly keyObject: KeyObject;
}

export const PUBLIC_KEY_BYTES = 32;

/** C2SP signed-note, "Signature types". */
const TYPE_BYTES: Record<SignatureKind, number> = { signature: 0x01, cosignature: 0x04 };

/** Names and keys are short; this bounds what a hostile string can cost. */
const MAX_VERIFIER_KEY_LENGTH = 2048;

/**
 * A verifier key from its parts.
 * @throws TransparencyLogError `key-name-invalid`, `verifier-key-malformed` (not 32 bytes) or `verifier-key-weak`
 */
export function createVerifierKey(
  name: string,
  publicKey: Uint8Array,
  kind: SignatureKind = 'signature',
): VerifierKey {
  assertKeyName(name);
  if (publicKey.length !== PUBLIC_KEY_BYTES) {
    throw new TransparencyLogError('verifier-key-malformed', {
      detail: `${publicKey.length} bytes of public key`,
    });
  }
  assertStrong(publicKey);
  const bytes = Uint8Array.from(publicKey);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(bytes).toString('base64url') };
  return {
    name,
    kind,
    keyId: computeKeyId(name, kind, bytes),
    publicKey: bytes,
    keyObject: createPublicKey({ key: jwk, format: 'jwk' }),
  };
}

/**
 * Reads a verifier key ("vkey"): `name+keyId+base64(type || public key)`.
 * @throws TransparencyLogError `verifier-key-malformed`, `verifier-key-unsupported` or `verifier-key-weak`
 * @see https://c2sp.org/signed-note#verifier-keys
 */
export function parseVerifierKey(text: string): VerifierKey {
  const malformed = (detail: string): TransparencyLogError =>
    new TransparencyLogError('verifier-key-malformed', { detail });
  if (text.length > MAX_VERIFIER_KEY_LENGTH) throw malformed(`${text.length} characters`);
  const [name = '', keyId = ''] = text.split('+', 2);
  const key = decodeBase64(text.slice(name.length + keyId.length + 2));
  if (!isKeyName(name)) throw malformed('no valid name before the first plus sign');
  if (!/^[0-9a-f]{8}$/.test(keyId)) throw malformed('the key id is not eight lower-case hex digits');
  if (key === undefined || key.length === 0) throw malformed('the key is not base64');
  const kind = kindOfType(key[0]);
  if (kind === undefined) {
    throw new TransparencyLogError('verifier-key-unsupported', { detail: `signature type ${key[0] ?? ''}` });
  }
  const verifierKey = createVerifierKey(name, key.subarray(1), kind);
  if (verifierKey.keyId !== keyId) throw malformed(`the key id should be ${verifierKey.keyId}`);
  return verifierKey;
}

export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${key.keyId}+${encodeTypedKey(key.kind, key.publicKey)}`;
}

/** base64(type || key), as verifier keys and Go's signing keys spell it. */
export function encodeTypedKey(kind: SignatureKind, key: Uint8Array): string {
  return encodeBase64(Buffer.concat([Uint8Array.of(TYPE_BYTES[kind]), key]));
}

export function kindOfType(type: number | undefined): SignatureKind | undefined {
  if (type === TYPE_BYTES.signature) return 'signature';
  return type === TYPE_BYTES.cosignature ? 'cosignature' : undefined;
}

/** The first four bytes of SHA-256(name || 0x0A || type || public key). C2SP signed-note, "Signatures". */
function computeKeyId(name: string, kind: SignatureKind, publicKey: Uint8Array): string {
  const message = Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(TYPE_BYTES[kind]), publicKey]);
  return hash('sha256', message, 'hex').slice(0, 8);
}

/**
 * The points of small order on edwards25519, in every encoding a decoder takes (the top bit is the sign of x). Under such
 * a key, which all-zero bytes are, a signature on any text can be found by trying, without a private key.
 */
const WEAK_PUBLIC_KEYS = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

function assertStrong(publicKey: Uint8Array): void {
  const bytes = Buffer.from(publicKey);
  bytes[PUBLIC_KEY_BYTES - 1] = (bytes[PUBLIC_KEY_BYTES - 1] ?? 0) & 0x7f;
  if (WEAK_PUBLIC_KEYS.has(bytes.toString('hex'))) throw new TransparencyLogError('verifier-key-weak');
}
