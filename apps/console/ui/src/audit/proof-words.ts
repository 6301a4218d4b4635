import type { ProofState } from '../api/types.ts';
import type { Tone } from '../parts/tag.tsx';

/** How far an entry is on its way to being provable, in words. */
export function sayProof({ state }: ProofState): {
  readonly label: string;
  readonly tone: Tone;
  readonly more: string;
} {
  switch (state) {
    case 'waiting':
      return { label: 'Waiting', tone: 'neutral', more: 'Not yet in the log’s tree; that takes seconds.' };
    case 'logged':
      return {
        label: 'Logged',
        tone: 'neutral',
        more: 'In the log’s tree, before its next signed checkpoint.',
      };
    case 'proven':
      return {
        label: 'Proven',
        tone: 'good',
        more: 'Covered by a signed checkpoint: a change would be found.',
      };
  }
}
