import { openCheckpoint, type LogTrust } from '@cordon/transparency-log';
import type { TrustedCheckpoint } from './sources.ts';

/**
 * Checks a signed note, and says which of the witnesses in `trust` have cosigned it; how many must have is for its `quorum`
 * to say. Empty trees are left out: they prove nothing.
 * @throws TransparencyLogError with file, line and byte
 */
export function trustCheckpoint(
  note: Uint8Array | string,
  source: string,
  trust: LogTrust,
): TrustedCheckpoint[] {
  const { checkpoint, cosignatures } = openCheckpoint(note, trust, { source });
  const { size, root } = checkpoint;
  const witnesses = [...new Set(cosignatures.map(({ name }) => name))].sort();
  return size === 0 ? [] : [{ source, size, root, witnesses }];
}
