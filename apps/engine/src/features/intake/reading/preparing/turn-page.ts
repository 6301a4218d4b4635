import type { PageImage } from '../page-image.ts';

/**
 * Turns a page by `radians` clockwise and enlarges it by `scale`, between pixels in a straight line (bilinear). The
 * sheet grows so that no corner is lost; what was outside is white.
 */
export function turnPage(image: PageImage, radians: number, scale: number): PageImage {
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const width = Math.max(1, Math.round((image.width * Math.abs(cos) + image.height * Math.abs(sin)) * scale));
  const height = Math.max(
    1,
    Math.round((image.width * Math.abs(sin) + image.height * Math.abs(cos)) * scale),
  );
  const pixels = new Uint8Array(width * height).fill(255);
  const { pixels: source, width: sourceWidth, height: sourceHeight } = image;
  for (let y = 0; y < height; y += 1) {
    const dy = (y + 0.5 - height / 2) / scale;
    for (let x = 0; x < width; x += 1) {
      const dx = (x + 0.5 - width / 2) / scale;
      const fromX = cos * dx + sin * dy + sourceWidth / 2 - 0.5;
      const fromY = -sin * dx + cos * dy + sourceHeight / 2 - 0.5;
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      if (left < 0 || top < 0 || left >= sourceWidth - 1 || top >= sourceHeight - 1) continue;
      const right = fromX - left;
      const bottom = fromY - top;
      const at = top * sourceWidth + left;
      const upper = (source[at] ?? 255) * (1 - right) + (source[at + 1] ?? 255) * right;
      const lower =
        (source[at + sourceWidth] ?? 255) * (1 - right) + (source[at + sourceWidth + 1] ?? 255) * right;
      pixels[y * width + x] = Math.round(upper * (1 - bottom) + lower * bottom);
    }
  }
  return { width, height, pixels };
}
