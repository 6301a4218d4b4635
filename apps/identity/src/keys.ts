import { createHash, createHmac, hkdfSync } from 'node:crypto';

/** Keys of different use never share bytes: each is derived from the identity key under a label of its own (RFC 5869). */
export interface IdentityKeys {
  /** Key for the blind token of e-mail addresses. */
  readonly blindKey: Buffer;
  /** Key under which throttled things (accounts, addresses) are counted. */
  readonly laneKey: Buffer;
}

export function deriveKeys(identityKey: Buffer): IdentityKeys {
  const derive = (label: string) =>
    Buffer.from(hkdfSync('sha256', identityKey, '', `cordon/identity/${label}`, 32));
  return { blindKey: derive('blind-token'), laneKey: derive('attempt-lane') };
}

/** What a bearer holds is random and long; its plain hash is enough to find it and useless to present. */
export function hashValue(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

export function hashLane(laneKey: Buffer, lane: string): Buffer {
  return createHmac('sha256', laneKey).update(lane).digest();
}
