import { passesLuhn } from '../../packages/pan-scrubber/luhn.ts';
import { REDACTION, scrub } from '@cordon/pan-scrubber';

/** Something that takes card numbers out of text. Other packages join the comparison by a line in `baselines`. */
export interface Contender {
  readonly name: string;
  readonly redact: (text: string) => string;
}

export const scrubber: Contender = { name: 'pan-scrubber', redact: (text) => scrub(text).value };

/** The plain rule as one would write it: pattern, Luhn, replacement. */
export const plainRule: Contender = {
  name: 'the plain rule',
  redact: (text) =>
    // eslint-disable-next-line security/detect-unsafe-regex -- bounded: at most 16 rounds
    text.replace(/\b(?:\d[ -]?){13,16}\b/g, (match) => (passesLuhn(match) ? REDACTION : match)),
};

export const baselines: readonly [Contender, ...Contender[]] = [plainRule];

export function secondsOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}
