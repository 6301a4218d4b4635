/** Makes a page easier to read: straight, its letters large enough, without the form's own lines. */
import type { PageImage } from '../page-image.ts';
import { wipe } from '../page-image.ts';
import { estimateTilt } from './estimate-tilt.ts';
import { evenLight } from './even-light.ts';
import { findBlobs, letterHeight } from './ink-blobs.ts';
import { maskInk } from './ink-mask.ts';
import { removeRules } from './remove-rules.ts';
import { turnPage } from './turn-page.ts';

export { findBlobs, letterHeight } from './ink-blobs.ts';
export { maskInk } from './ink-mask.ts';
export { removeRules } from './remove-rules.ts';
export { turnPage } from './turn-page.ts';

export interface PreparedPage {
  readonly image: PageImage;
  /** By how much the page was turned, clockwise, and then enlarged. */
  readonly rotationRadians: number;
  readonly scale: number;
}

/** A smaller tilt harms nothing. */
const leastTilt = 0.004;
/** The middle letter height, in pixels, that is enough: 26 and 32 read no better and cost up to twice the time. */
const goodLetterHeight = 22;
const largestScale = 2;
/** Enlarging by less is not worth the blur. */
const leastScale = 1.05;
const mostPixels = 12_500_000;

/** Takes the image over: its pixels are erased once a copy was made of them. */
export function preparePage(image: PageImage): PreparedPage {
  evenLight(image);
  const mask = maskInk(image);
  const blobs = findBlobs(mask) ?? [];
  const letter = letterHeight(blobs);
  const tilt = estimateTilt(mask);
  const rotationRadians = Math.abs(tilt) < leastTilt ? 0 : -tilt;
  const wanted = letter === 0 ? 1 : Math.min(largestScale, Math.max(1, goodLetterHeight / letter));
  const room = Math.sqrt(mostPixels / (image.width * image.height));
  const enlarged = Math.max(1, Math.min(wanted, room));
  const scale = enlarged < leastScale ? 1 : enlarged;
  if (rotationRadians === 0 && scale === 1) {
    if (letter > 0) removeRules(image, mask, blobs, letter);
    return { image, rotationRadians, scale };
  }
  const turned = turnPage(image, rotationRadians, scale);
  wipe(image.pixels);
  const turnedMask = maskInk(turned);
  const turnedBlobs = findBlobs(turnedMask) ?? [];
  const turnedLetter = letterHeight(turnedBlobs);
  if (turnedLetter > 0) removeRules(turned, turnedMask, turnedBlobs, turnedLetter);
  return { image: turned, rotationRadians, scale };
}
