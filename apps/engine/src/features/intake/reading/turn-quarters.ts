import type { PageImage } from './page-image.ts';

/** Quarters of a turn, clockwise. */
export type Quarters = 0 | 1 | 2 | 3;

/** A copy of the page, turned pixel by pixel; the page itself is left as it is. */
export function turnQuarters({ width, height, pixels }: PageImage, quarters: Quarters): PageImage {
  if (quarters === 0) return { width, height, pixels: pixels.slice() };
  const turned = new Uint8Array(pixels.length);
  const last = pixels.length - 1;
  if (quarters === 2) {
    for (let at = 0; at <= last; at += 1) turned[last - at] = pixels[at] ?? 0;
    return { width, height, pixels: turned };
  }
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const place = quarters === 1 ? x * height + (height - 1 - y) : (width - 1 - x) * height + y;
      turned[place] = pixels[y * width + x] ?? 0;
    }
  }
  return { width: height, height: width, pixels: turned };
}
