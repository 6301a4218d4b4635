import { createHash } from 'node:crypto';

/** The public name of a seal key, as set-up installs it: the key is random, so its digest tells nothing. */
export function sealKeyIdOf(key: Buffer): string {
  return `seal-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
}
