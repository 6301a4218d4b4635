import { describe, expect, test } from 'vitest';
import type { PageImage } from './page-image.ts';
import { redactPage } from './redact-page.ts';

/** A white sheet with grey patches, each `[left, top, width, height, grey]`. */
function sheet(...patches: readonly (readonly [number, number, number, number, number])[]): PageImage {
  const pixels = new Uint8Array(200 * 100).fill(250);
  for (const [left, top, width, height, grey] of patches)
    for (let y = top; y < top + height; y += 1) pixels.fill(grey, y * 200 + left, y * 200 + left + width);
  return { width: 200, height: 100, pixels };
}

const box = (left: number, top: number, right: number, bottom: number) => ({ left, top, right, bottom });
const upright = { rotationRadians: 0, scale: 1 } as const;
const at = (page: PageImage, x: number, y: number): number | undefined => page.pixels[y * page.width + x];

describe('a page that may be kept', () => {
  const word = [10, 10, 30, 12, 40] as const;
  const number = [60, 10, 90, 12, 50] as const;

  test('shows the pixels of clear words only', () => {
    const page = redactPage({
      image: sheet(word, number),
      ...upright,
      clear: [box(8, 8, 42, 24)],
      hidden: [box(60, 10, 150, 22)],
    });
    expect(at(page, 20, 15)).toBe(40);
    expect(at(page, 100, 15)).toBe(0);
    expect(page.pixels.includes(50)).toBe(false);
  });

  test('blacks out ink that no word covers, as one box, not in its own shape', () => {
    // Two strokes of one patch with a gap between them that would show its shape.
    const page = redactPage({
      image: sheet(word, [60, 40, 40, 3, 60], [60, 40, 3, 30, 60]),
      ...upright,
      clear: [box(8, 8, 42, 24)],
      hidden: [],
    });
    expect(at(page, 90, 65)).toBe(0);
    expect(page.pixels.includes(60)).toBe(false);
  });

  test('hides a word where a hidden one overlaps it', () => {
    const page = redactPage({
      image: sheet(word),
      ...upright,
      clear: [box(8, 8, 42, 24)],
      hidden: [box(10, 10, 40, 22)],
    });
    expect(page.pixels.includes(40)).toBe(false);
  });

  test('holds nothing of faint marks that are no ink', () => {
    const page = redactPage({
      image: sheet(word, [60, 60, 80, 12, 235]),
      ...upright,
      clear: [box(8, 8, 42, 24)],
      hidden: [],
    });
    expect(page.pixels.includes(235)).toBe(false);
  });

  test('follows the page as it was turned and enlarged for reading', () => {
    const page = redactPage({
      image: sheet(word, number),
      rotationRadians: 0,
      scale: 2,
      clear: [box(16, 16, 84, 48)],
      hidden: [],
    });
    expect([page.width, page.height]).toEqual([400, 200]);
    expect(at(page, 40, 30)).toBe(40);
    expect(at(page, 200, 30)).toBe(0);
  });
});
