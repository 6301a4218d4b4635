import { describe, expect, it } from 'vitest';
import type { OcrEngine, OcrPage } from './ocr-engine.ts';
import type { PageImage } from './page-image.ts';
import { readUpright } from './read-upright.ts';
import { turnQuarters, type Quarters } from './turn-quarters.ts';

const turns: readonly Quarters[] = [0, 1, 2, 3];
/** A sheet whose first pixel is black when it stands upright. */
const upright: PageImage = { width: 3, height: 2, pixels: Uint8Array.of(0, 9, 9, 9, 9, 9) };

const pageOf = (words: number, confidence: number): OcrPage => ({
  words: Array.from({ length: words }, (_, at) => ({
    text: 'word',
    confidence,
    box: { left: at, top: 0, right: at + 1, bottom: 1 },
  })),
  lines: [],
  text: 'word',
  rotationRadians: 0,
  scale: 1,
});

/** Reads well where the first pixel is black, and counts how often it was asked. */
function engineFor(otherwise: OcrPage, well = pageOf(40, 92)): OcrEngine & { asked: number } {
  return {
    asked: 0,
    readPage({ pixels }) {
      this.asked += 1;
      return Promise.resolve(pixels[0] === 0 ? well : otherwise);
    },
    close: () => Promise.resolve(),
  };
}
const never = new AbortController().signal;

describe('turning by quarters', () => {
  it('is clockwise, pixel by pixel', () => {
    const page = { width: 3, height: 2, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    expect(turns.map((quarters) => [...turnQuarters(page, quarters).pixels])).toEqual([
      [1, 2, 3, 4, 5, 6],
      [4, 1, 5, 2, 6, 3],
      [6, 5, 4, 3, 2, 1],
      [3, 6, 2, 5, 1, 4],
    ]);
    expect(turnQuarters(page, 1)).toMatchObject({ width: 2, height: 3 });
  });
});

describe('a page', () => {
  it.each(turns)('that was scanned %i quarters off is read the right way up', async (quarters) => {
    const scanned = turnQuarters(upright, quarters);
    const before = [...scanned.pixels];
    const reading = await readUpright(engineFor(pageOf(12, 30)), scanned, never);
    expect(reading).toMatchObject({ quarters: (4 - quarters) % 4, page: { words: { length: 40 } } });
    expect([...scanned.pixels], 'the page itself is left').toEqual(before);
  });

  it('that reads well is read once, and so is an empty one', async () => {
    const engine = engineFor(pageOf(0, 0));
    await readUpright(engine, upright, never);
    await readUpright(engine, turnQuarters(upright, 1), never);
    expect(engine.asked).toBe(2);
  });

  it('with rows of rubbish is tried upside down first', async () => {
    const engine = engineFor(pageOf(60, 28));
    expect((await readUpright(engine, turnQuarters(upright, 2), never)).quarters).toBe(2);
    expect(engine.asked).toBe(2);
  });

  it('that reads badly whichever way is taken where it reads best', async () => {
    const poor = pageOf(12, 30);
    const better: OcrPage = { ...poor, words: [...poor.words, ...pageOf(3, 85).words] };
    const reading = await readUpright(engineFor(poor, better), turnQuarters(upright, 3), never);
    expect(reading).toMatchObject({ quarters: 1, page: { words: { length: 15 } } });
  });
});
