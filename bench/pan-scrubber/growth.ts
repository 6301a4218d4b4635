import { scrub } from '@cordon/pan-scrubber';
import type { BenchRow } from '../row.ts';

/** In megabytes; the first is what the others are held against. */
const sizes = [5, 10, 20, 50] as const;

/** What takes the scrubber more than one look at each character. */
const inputs: readonly (readonly [name: string, unit: string])[] = [
  ['solid digits', '4111111111111112'],
  ['spaced digits', '4 1 1 1 1 1 1 2 '],
  ['valid numbers in a row', '4111 1111 1111 1111 '],
  ['rows of laboratory values', '4.1\t120\t98\t5.5\t77\t3.9\t140\n'],
  ['rows of numbers with commas', '4111,1111,2222,3333\n'],
  ['digits with zero-width characters between', `${Array.from('4111111111111112').join('\u200b')} `],
  ['full-width digits', '４１１１ １１１２ '],
  ['letters that are misread for digits', 'O0l1IS5B8Z2 '],
  ['escapes', '%34%31&#49;\\u0031'],
  ['HTML entities of digits', '&#52;&#x31;&nbsp;&amp;#49;'],
  ['HTML entities without a digit', '&nbsp;&ndash;'],
  ['escaped line breaks', '\\n'],
  ['backslashes, brackets and percent signs', '\\\\<<&&%%1\\<'],
  ['tags', '1<a b="2">'],
  ['base64 of digits', 'NDExMTExMTExMTEx'],
  ['base64 blocks of text', 'TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5IGJ5IGhpcyByZWFzb24sIGJ1dCBieSB0aGlz\n'],
  ['base64 of base64', 'TkRFeE1URXhNVEV4TVRFeE1URXg'],
  ['lines of a form', 'Part: 41\n'],
];

/** Of this process alone: what others do to the machine's clock would hide how the work grows. */
function processorSecondsOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/**
 * Processor time a megabyte at each size over that at the first: 1 is linear, whatever is in the text.
 *
 * @param megabyte characters
 */
export function measureGrowth(megabyte: number): BenchRow[] {
  return inputs.flatMap(([name, unit]) => {
    scrub(unit.repeat(megabyte / unit.length));
    const measured = sizes.map((size) => {
      const text = unit.repeat((size * megabyte) / unit.length);
      return { size, seconds: Math.min(processorSecondsOf(() => scrub(text)), size > 10 ? Infinity : processorSecondsOf(() => scrub(text))) };
    });
    const first = measured[0];
    if (first === undefined) return [];
    return measured.slice(1).map(({ size, seconds }) => ({
      name: `${(size * megabyte) / 1e6} MB of ${name}`,
      value: seconds,
      unit: 's',
      baseline: `the time a megabyte of ${(first.size * megabyte) / 1e6} MB (${first.seconds.toFixed(2)} s)`,
      ratio: seconds / size / (first.seconds / first.size),
    }));
  });
} // prettier-ignore
