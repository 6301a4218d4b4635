import { createHash } from 'node:crypto';
import { uuidOfDigest } from '../../audit/uuid-of-digest.ts';

/** The id that the same key of the same account always makes. */
export function idFrom(keyToken: Buffer, subject: string): string {
  return uuidOfDigest(createHash('sha256').update(keyToken).update(subject).digest());
}
