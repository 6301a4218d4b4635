import { openCheckpoint, type LogTrust } from '@cordon/transparency-log';
import type { TrustedCheckpoint } from './sources.ts';

/**
 * Checks a signed note. Empty trees are left out: they prove nothing.
 * @throws TransparencyLogError with file, line and byte
 */
export function trustCheckpoint(
  note: Uint8Array | string,
  source: string,
  trust: LogTrust,
): TrustedCheckpoint[] {
  const { size, root } = openCheckpoint(note, trust, { source }).checkpoint;
  return size === 0 ? [] : [{ source, size, root }];
}
