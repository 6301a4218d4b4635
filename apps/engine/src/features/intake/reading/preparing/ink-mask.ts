import type { PageImage } from '../page-image.ts';

/** 1 where there is ink, row by row. */
export interface InkMask {
  readonly width: number;
  readonly height: number;
  readonly ink: Uint8Array;
}

/** N. Otsu, "A threshold selection method from gray-level histograms" (1979): parts ink from paper by one grey level. */
export function inkThreshold(pixels: Uint8Array): number {
  const histogram = new Float64Array(256);
  for (const grey of pixels) histogram[grey] = (histogram[grey] ?? 0) + 1;
  const sumAll = histogram.reduce((sum, count, grey) => sum + count * grey, 0);
  let below = 0;
  let sumBelow = 0;
  let best = 128;
  let bestVariance = -1;
  for (let grey = 0; grey < 256; grey += 1) {
    below += histogram[grey] ?? 0;
    const above = pixels.length - below;
    if (below === 0 || above === 0) continue;
    sumBelow += grey * (histogram[grey] ?? 0);
    const variance = below * above * (sumBelow / below - (sumAll - sumBelow) / above) ** 2;
    if (variance > bestVariance) {
      bestVariance = variance;
      best = grey;
    }
  }
  return best;
}

export function maskInk(image: PageImage): InkMask {
  const threshold = inkThreshold(image.pixels);
  const ink = new Uint8Array(image.pixels.length);
  for (let index = 0; index < ink.length; index += 1)
    ink[index] = (image.pixels[index] ?? 255) <= threshold ? 1 : 0;
  return { width: image.width, height: image.height, ink };
}
