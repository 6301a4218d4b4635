import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { ControlGateError } from '../error.ts';

/** DSSE, the Dead Simple Signing Envelope (github.com/secure-systems-lab/dsse, envelope.md), version 1. */
const envelopeSchema = z.strictObject({
  payloadType: z.literal('application/vnd.in-toto+json'),
  payload: z.base64().max(1_000_000),
  signatures: z
    .array(z.strictObject({ keyid: z.string().max(200), sig: z.base64().max(200) }))
    .min(1)
    .max(10),
});
const payloadType = 'application/vnd.in-toto+json';

/** What is signed: type and body with their lengths, so that neither can be taken for the other (protocol.md). */
const encode = (body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `), body]);

/** SHA-256 of the public key's SubjectPublicKeyInfo, in hexadecimal. */
export const keyIdOf = (key: KeyObject): string =>
  createHash('sha256')
    .update((key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' }))
    .digest('hex');

/** @param key an Ed25519 private key */
export function seal(statement: object, key: KeyObject): string {
  const body = Buffer.from(JSON.stringify(statement));
  const envelope = {
    payloadType,
    payload: body.toString('base64'),
    signatures: [{ keyid: keyIdOf(key), sig: sign(null, encode(body), key).toString('base64') }],
  };
  return `${JSON.stringify(envelope, undefined, 2)}\n`;
}

/**
 * The statement of an envelope that the key signed.
 * @throws ControlGateError `verdict-malformed`, `verdict-untrusted`
 */
export function open(text: string, key: KeyObject): unknown {
  const envelope = envelopeSchema.safeParse(parseJson(text));
  if (!envelope.success)
    throw new ControlGateError('verdict-malformed', 'The verdict is no signed envelope: run the gate again.');
  const body = Buffer.from(envelope.data.payload, 'base64');
  // An RSA or EC key would be verified by its own rules; only Ed25519 is spoken here.
  const signed =
    key.asymmetricKeyType === 'ed25519' &&
    envelope.data.signatures.some(({ sig }) => verify(null, encode(body), key, Buffer.from(sig, 'base64')));
  if (!signed)
    throw new ControlGateError(
      'verdict-untrusted',
      'The verdict is not signed by the key that this deployment trusts, or was changed afterwards: run the gate again.',
    );
  return parseJson(body.toString('utf8'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
