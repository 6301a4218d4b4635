/**
 * Takes the form's own lines off a straight page: borders of boxes, solid and dotted rules. OCR reads a border as
 * "|" or "[" glued to the first character, and a dotted rule as a line of letters.
 */
import type { PageImage } from '../page-image.ts';
import type { InkBlob } from './ink-blobs.ts';
import type { InkMask } from './ink-mask.ts';

/** All in letter heights. A run of ink longer than any stroke of a letter is a rule … */
const longestStroke = 2.2;
/** … where it is no thicker than this; at a thicker place a letter crosses it, and stays. */
const thickestRule = 0.3;
const largestDot = 0.28;
const widestDotGap = 0.8;
const fewestDots = 12;

export function removeRules(
  image: PageImage,
  mask: InkMask,
  blobs: readonly InkBlob[],
  letter: number,
): void {
  const paper = paperGrey(image, mask);
  removeRuns(image, mask, letter, 'across', paper);
  removeRuns(image, mask, letter, 'down', paper);
  for (const chain of dottedRules(blobs, letter)) for (const dot of chain) erase(image, dot, paper);
}

/** The usual grey of what is not ink, from a sample: an erased rule must not shine. */
function paperGrey({ pixels }: PageImage, { ink }: InkMask): number {
  const histogram = new Uint32Array(256);
  let count = 0;
  for (let index = 0; index < pixels.length; index += 97) {
    const grey = pixels[index] ?? 255;
    if (ink[index] === 1) continue;
    histogram[grey] = (histogram[grey] ?? 0) + 1;
    count += 1;
  }
  let seen = 0;
  return Math.max(
    0,
    histogram.findIndex((amount) => (seen += amount) * 2 >= count),
  );
}

function removeRuns(
  { pixels }: PageImage,
  { width, height, ink }: InkMask,
  letter: number,
  way: 'across' | 'down',
  paper: number,
): void {
  const [lines, length, step, lineStep] =
    way === 'across' ? [height, width, 1, width] : [width, height, width, 1];
  const shortest = Math.ceil(letter * longestStroke);
  const thickest = Math.max(3, Math.ceil(letter * thickestRule));

  /** Erases the ink through one place of a rule, at right angles to it, with its grey edges. */
  const eraseThrough = (line: number, offset: number): void => {
    let first = line;
    let last = line;
    while (first > 0 && ink[(first - 1) * lineStep + offset] === 1 && last - first < shortest) first -= 1;
    while (last < lines - 1 && ink[(last + 1) * lineStep + offset] === 1 && last - first < shortest)
      last += 1;
    const thickness = last - first + 1;
    if (thickness > thickest && thickness <= shortest) return;
    // Thicker than any letter is high: another rule crosses here, as in the corner of a box. Its own pass erases the rest.
    const [from, to] = thickness > shortest ? [line - 1, line + 1] : [first - 1, last + 1];
    for (let place = Math.max(0, from); place <= Math.min(lines - 1, to); place += 1) {
      pixels[place * lineStep + offset] = paper;
    }
  };

  for (let line = 0; line < lines; line += 1) {
    for (let at = 0; at < length; at += 1) {
      const from = at;
      while (at < length && ink[line * lineStep + at * step] === 1) at += 1;
      if (at - from < shortest) continue;
      for (let place = from; place < at; place += 1) eraseThrough(line, place * step);
    }
  }
}

/**
 * Chains of dots on one height, evenly close. The dot of an i or a full stop never has a dozen neighbours. A chain may
 * climb or fall a little from dot to dot, so that a rest of tilt does not break it.
 */
function dottedRules(blobs: readonly InkBlob[], letter: number): InkBlob[][] {
  const size = Math.max(3, letter * largestDot);
  const dots = blobs.filter((blob) => blob.right - blob.left < size && blob.bottom - blob.top < size);
  const ended: InkBlob[][] = [];
  let open: InkBlob[][] = [];
  for (const dot of dots.sort((a, b) => a.left - b.left)) {
    const reached = dot.left - letter * widestDotGap;
    ended.push(...open.filter((chain) => (chain.at(-1)?.right ?? 0) < reached));
    open = open.filter((chain) => (chain.at(-1)?.right ?? 0) >= reached);
    const level = dot.top + dot.bottom;
    const chain = open.find((candidate) => {
      const last = candidate.at(-1);
      return last && Math.abs(last.top + last.bottom - level) <= Math.max(2, letter * 0.2);
    });
    if (chain) chain.push(dot);
    else open.push([dot]);
  }
  return [...ended, ...open].filter((chain) => chain.length >= fewestDots);
}

function erase({ pixels, width, height }: PageImage, blob: InkBlob, paper: number): void {
  for (let y = Math.max(0, blob.top - 1); y <= Math.min(height - 1, blob.bottom + 1); y += 1) {
    pixels.fill(
      paper,
      y * width + Math.max(0, blob.left - 1),
      y * width + Math.min(width - 1, blob.right + 1) + 1,
    );
  }
}
