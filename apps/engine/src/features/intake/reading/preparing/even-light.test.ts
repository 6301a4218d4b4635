import { expect, test } from 'vitest';
import type { PageImage } from '../page-image.ts';
import { evenLight } from './even-light.ts';
import { maskInk } from './ink-mask.ts';

const width = 640;
const height = 320;

/** Paper whose grey falls off from left to right, with one dark stroke in each half. */
function page(lightest: number, darkest: number): PageImage {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const light = lightest + ((darkest - lightest) * x) / width;
      const stroke = y > 100 && y < 108 && ((x > 80 && x < 140) || (x > 500 && x < 560));
      pixels[y * width + x] = Math.round(stroke ? light * 0.2 : light);
    }
  return { width, height, pixels };
}
const inkIn = (image: PageImage): number => maskInk(image).ink.reduce((sum, ink) => sum + ink, 0);
const strokes = 2 * 59 * 7;

test('a shadow is no ink once the light is even', () => {
  const image = page(240, 110);
  expect(inkIn(image)).toBeGreaterThan(10 * strokes);
  evenLight(image);
  expect(inkIn(image)).toBe(strokes);
});

test('a page that is lit evenly is left as it is', () => {
  const image = page(250, 235);
  const before = image.pixels.slice();
  evenLight(image);
  expect(image.pixels).toEqual(before);
});
