import { sign, verify } from 'node:crypto';
import { TransparencyLogError } from '../error.ts';
import { type SigningKey } from './signing-key.ts';
import { type VerifierKey } from './verifier-key.ts';

/** One signature line of a note, as found: nothing about it is verified. */
export interface NoteSignature {
  readonly name: string;
  /** Eight lower-case hex digits. */
  readonly keyId: string;
  /** What follows the key id. Ed25519: 64 bytes; a cosignature has its time before them. */
  readonly signature: Uint8Array;
}

export interface VerifiedSignature extends NoteSignature {
  readonly key: VerifierKey;
  /** When a cosignature was made, in seconds since 1970; undefined for a plain signature. */
  readonly timestamp: number | undefined;
}

const ED25519_BYTES = 64;
const TIMESTAMP_BYTES = 8;
const COSIGNATURE_HEADER = 'cosignature/v1\n';

/**
 * Signs a note's text, which must end in a newline.
 * @param timestamp for cosignatures, in seconds since 1970; now when absent
 */
export function createSignature(
  text: string,
  key: SigningKey,
  timestamp = Math.floor(Date.now() / 1000),
): NoteSignature {
  const { name, keyId, kind } = key.verifierKey;
  if (kind === 'signature') {
    assertNotReserved(text);
    return { name, keyId, signature: sign(null, Buffer.from(text), key.privateKey) };
  }
  if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
    throw new TransparencyLogError('timestamp-invalid', { detail: String(timestamp) });
  }
  const time = Buffer.alloc(TIMESTAMP_BYTES);
  time.writeBigUInt64BE(BigInt(timestamp));
  const signature = sign(null, cosignedMessage(text, timestamp), key.privateKey);
  return { name, keyId, signature: Buffer.concat([time, signature]) };
}

/** Checks one signature with the key its line names; undefined when it is wrong. */
export function checkSignature(
  text: string,
  { name, keyId, signature }: NoteSignature,
  key: VerifierKey,
): VerifiedSignature | undefined {
  if (key.name !== name || key.keyId !== keyId) return undefined;
  if (key.kind === 'signature') {
    if (signature.length !== ED25519_BYTES || text.startsWith(COSIGNATURE_HEADER)) return undefined;
    const good = verify(null, Buffer.from(text), key.keyObject, signature);
    return good ? { name, keyId, signature, key, timestamp: undefined } : undefined;
  }
  if (signature.length !== TIMESTAMP_BYTES + ED25519_BYTES) return undefined;
  const timestamp = Number(Buffer.from(signature).readBigUInt64BE());
  // Later than 2^53 seconds no honest clock stands, and beyond it the decimal that was signed is not certain.
  if (!Number.isSafeInteger(timestamp)) return undefined;
  const good = verify(
    null,
    cosignedMessage(text, timestamp),
    key.keyObject,
    signature.subarray(TIMESTAMP_BYTES),
  );
  return good ? { name, keyId, signature, key, timestamp } : undefined;
}

/** C2SP tlog-cosignature, "Ed25519 signed message". */
function cosignedMessage(text: string, timestamp: number): Buffer {
  return Buffer.from(`${COSIGNATURE_HEADER}time ${timestamp}\n${text}`);
}

/** Keeps a plain signature from being passed off as a witness's, should one key serve both. */
function assertNotReserved(text: string): void {
  if (text.startsWith(COSIGNATURE_HEADER)) throw new TransparencyLogError('note-text-reserved');
}
