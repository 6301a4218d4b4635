/**
 * A page that may be kept: a new sheet onto which only the pixels of confidently read words are copied. Every other
 * patch of ink becomes a black box, so that a person sees that something stood there and nothing of what. What OCR did not
 * see (a number in handwriting, a stamp, a signature) is therefore never on the sheet.
 */
import type { Box } from './ocr-engine.ts';
import type { PageImage } from './page-image.ts';
import { findBlobs, letterHeight, maskInk, removeRules, turnPage } from './preparing/index.ts';

export interface RedactRequest {
  /** The page as it was handed to the engine. */
  readonly image: PageImage;
  /** By how much the engine turned and enlarged it before reading: `clear` refers to the page as it was read. */
  readonly rotationRadians: number;
  readonly scale: number;
  /** The boxes of the words that may be seen, and of those that may not: where they overlap, nothing is seen. */
  readonly clear: readonly Box[];
  readonly hidden: readonly Box[];
}

const paper = 255;
const ink = 0;
/** Black boxes are this much larger than what they hide, in pixels of the page. */
const margin = 3;
/** Smaller patches are dust: they are left white, which hides them as well. */
const dust = 3;

export function redactPage({ image, rotationRadians, scale, clear, hidden }: RedactRequest): PageImage {
  const source =
    rotationRadians === 0 && scale === 1
      ? { ...image, pixels: image.pixels.slice() }
      : turnPage(image, rotationRadians, scale);
  const { width, height } = source;
  const mask = maskInk(source);
  const blobs = findBlobs(mask);
  const letter = letterHeight(blobs ?? []);
  if (blobs && letter > 0) removeRules(source, mask, blobs, letter);

  const seen = new Uint8Array(width * height);
  for (const box of clear) fillBox(seen, width, height, box, 1, 0);
  for (const box of hidden) fillBox(seen, width, height, box, 0, margin);

  const pixels = new Uint8Array(width * height).fill(paper);
  // Without blobs the page is noise: nothing but words is shown, and the rest stays white.
  for (const blob of findBlobs(maskInk(source)) ?? []) {
    const box = { left: blob.left, top: blob.top, right: blob.right + 1, bottom: blob.bottom + 1 };
    if (Math.max(box.right - box.left, box.bottom - box.top) < dust) continue;
    if (!isSeen(seen, width, box)) fillBox(pixels, width, height, box, ink, margin);
  }
  for (const box of hidden) fillBox(pixels, width, height, box, ink, margin);
  for (let index = 0; index < pixels.length; index += 1)
    if (seen[index] === 1) pixels[index] = source.pixels[index] ?? paper;
  source.pixels.fill(0);
  return { width, height, pixels };
}

function fillBox(
  target: Uint8Array,
  width: number,
  height: number,
  box: Box,
  value: number,
  grow: number,
): void {
  const left = Math.max(0, Math.floor(box.left) - grow);
  const right = Math.min(width, Math.ceil(box.right) + grow);
  const bottom = Math.min(height, Math.ceil(box.bottom) + grow);
  for (let y = Math.max(0, Math.floor(box.top) - grow); y < bottom; y += 1)
    if (right > left) target.fill(value, y * width + left, y * width + right);
}

/** The middle of the patch lies on a word that may be seen. */
function isSeen(seen: Uint8Array, width: number, box: Box): boolean {
  const x = Math.floor((box.left + box.right) / 2);
  const y = Math.floor((box.top + box.bottom) / 2);
  return seen[y * width + x] === 1;
}
