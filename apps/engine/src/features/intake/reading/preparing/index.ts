/** Makes a page easier to read: straight, its letters large enough, without the form's own lines. */
import type { PageImage } from '../page-image.ts';
import { wipe } from '../page-image.ts';
import { estimateTilt } from './estimate-tilt.ts';
import { findBlobs, letterHeight } from './ink-blobs.ts';
import { maskInk } from './ink-mask.ts';
import { removeRules } from './remove-rules.ts';
import { turnPage } from './turn-page.ts';

export interface PreparedPage {
  readonly image: PageImage;
  /** By how much the page was turned, clockwise, and then enlarged. */
  readonly rotationRadians: number;
  readonly scale: number;
}

/** A smaller tilt harms nothing. */
const leastTilt = 0.004;
/** The letter height at which the recogniser is at its best, in pixels. */
const goodLetterHeight = 26;
const largestScale = 2;
const mostPixels = 12_500_000;

/** Takes the image over: its pixels are erased once a copy was made of them. */
export function preparePage(image: PageImage): PreparedPage {
  const firstMask = maskInk(image);
  const tilt = estimateTilt(firstMask);
  const rotationRadians = Math.abs(tilt) < leastTilt ? 0 : -tilt;
  const letterBefore = letterHeight(findBlobs(firstMask) ?? []);
  const wanted =
    letterBefore === 0 ? 1 : Math.min(largestScale, Math.max(1, goodLetterHeight / letterBefore));
  const room = Math.sqrt(mostPixels / (image.width * image.height));
  const scale = Math.max(1, Math.min(wanted, room));
  if (rotationRadians === 0 && scale < 1.05) {
    removeRules(image, firstMask, findBlobs(firstMask) ?? [], letterBefore);
    return { image, rotationRadians: 0, scale: 1 };
  }
  const turned = turnPage(image, rotationRadians, scale);
  wipe(image.pixels);
  const mask = maskInk(turned);
  const blobs = findBlobs(mask) ?? [];
  const letter = letterHeight(blobs);
  if (letter > 0) removeRules(turned, mask, blobs, letter);
  return { image: turned, rotationRadians, scale };
}
