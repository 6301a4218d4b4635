import { describe, expect, test } from 'vitest';
import type { PageImage } from '../page-image.ts';
import { estimateTilt } from './estimate-tilt.ts';
import { findBlobs, letterHeight } from './ink-blobs.ts';
import { preparePage } from './index.ts';
import { inkThreshold, maskInk } from './ink-mask.ts';
import { turnPage } from './turn-page.ts';

const width = 900;
const height = 700;
const degrees = (radians: number): number => (radians * 180) / Math.PI;

type Page = PageImage & { ink: (left: number, top: number, wide: number, high: number) => void };

function blank(): Page {
  const pixels = new Uint8Array(width * height).fill(240);
  return {
    width,
    height,
    pixels,
    ink(left, top, wide, high) {
      for (let y = top; y < top + high; y += 1) pixels.fill(20, y * width + left, y * width + left + wide);
    },
  };
}

/** Rows of upright strokes 26 high, as letters are. */
function written(): Page {
  const page = blank();
  for (let row = 0; row < 8; row += 1) {
    for (let letter = 0; letter < 25; letter += 1) page.ink(80 + letter * 28, 60 + row * 75, 12, 26);
  }
  return page;
}

const inkOf = (image: PageImage): number => maskInk(image).ink.reduce((sum, value) => sum + value, 0);

describe('ink', () => {
  test('is parted from paper between their greys', () => {
    const threshold = inkThreshold(written().pixels);
    expect(threshold).toBeGreaterThanOrEqual(20);
    expect(threshold).toBeLessThan(240);
  });

  test('makes one patch of what touches, corners included', () => {
    const page = blank();
    page.ink(100, 100, 40, 5);
    page.ink(100, 105, 5, 40);
    page.ink(140, 140, 5, 5);
    page.ink(135, 145, 5, 5);
    page.ink(300, 300, 3, 3);
    expect(findBlobs(maskInk(page))).toEqual([
      { left: 100, top: 100, right: 139, bottom: 144 },
      { left: 135, top: 140, right: 144, bottom: 149 },
      { left: 300, top: 300, right: 302, bottom: 302 },
    ]);
  });

  test('tells the height of letters, and none where there is hardly any', () => {
    expect(letterHeight(findBlobs(maskInk(written())) ?? [])).toBe(26);
    expect(letterHeight([])).toBe(0);
  });
});

describe('tilt', () => {
  test.each([-4, -1.3, 0, 0.6, 2.5])('of %s degrees is found and undone', (angle) => {
    const tilted = turnPage(written(), (angle * Math.PI) / 180, 1);
    const found = estimateTilt(maskInk(tilted));
    expect(degrees(found)).toBeCloseTo(angle, 0);
    const straight = preparePage(tilted);
    expect(Math.abs(degrees(estimateTilt(maskInk(straight.image))))).toBeLessThan(0.3);
  });

  test('of an empty page is none', () => {
    expect(estimateTilt(maskInk(blank()))).toBe(0);
    expect(preparePage(blank())).toMatchObject({ rotationRadians: 0, scale: 1, image: { width, height } });
  });

  test('is undone without losing a corner', () => {
    const page = blank();
    page.ink(1, 1, 12, 12);
    page.ink(width - 13, height - 13, 12, 12);
    expect(inkOf(turnPage(page, 0.05, 1))).toBeGreaterThan(260);
  });
});

describe("the form's own lines", () => {
  test('go: borders, solid rules, dotted rules', () => {
    const page = written();
    const before = inkOf(page);
    page.ink(60, 40, 760, 3);
    page.ink(60, 40, 3, 70);
    for (let dot = 0; dot < 100; dot += 1) page.ink(80 + dot * 7, 110, 2, 2);
    const after = inkOf(preparePage(page).image);
    expect(after).toBeLessThanOrEqual(before);
    expect(after).toBeGreaterThan(before * 0.98);
  });

  test('go without the letters that cross them', () => {
    const page = written();
    page.ink(60, 84, 760, 2);
    const { image } = preparePage(page);
    expect(image.pixels[70 * width + 85]).toBe(20);
    expect(image.pixels[84 * width + 85]).toBe(20);
    expect(image.pixels[84 * width + 65]).toBe(240);
  });

  test('are not taken for a few full stops', () => {
    const page = written();
    for (let dot = 0; dot < 3; dot += 1) page.ink(80 + dot * 10, 110, 4, 4);
    expect(preparePage(page).image.pixels[111 * width + 81]).toBe(20);
  });
});

test('small letters are enlarged, and the small page is erased', () => {
  const page = blank();
  for (let letter = 0; letter < 60; letter += 1) page.ink(20 + letter * 14, 100, 5, 10);
  const { image, scale } = preparePage(page);
  expect(scale).toBe(2);
  expect([image.width, image.height]).toEqual([width * 2, height * 2]);
  expect(page.pixels.every((grey) => grey === 0)).toBe(true);
});

test('noise is not searched for patches without end', () => {
  const page = blank();
  for (let index = 0; index < page.pixels.length; index += 1) page.pixels[index] = ((index % 2) ^ (Math.floor(index / width) % 2)) === 0 && index % 2 === 0 ? 0 : 255; // prettier-ignore
  expect(findBlobs(maskInk(page))).toBeNull();
});
