import type { PageImage } from '../page-image.ts';

/** Side of the squares in which the paper's own grey is looked for, in pixels: larger than a letter, smaller than a shadow. */
const tile = 64;
/** A page whose paper differs by less is lit evenly enough, and left as it is. */
const leastFall = 40;
/** Squares darker than this are no paper: a photograph, a filled box, the table under the sheet. */
const darkest = 60;

/**
 * Takes a shadow off a photographed page: one threshold for the whole sheet takes the shaded half for ink. The page is
 * divided by its paper's grey, which is estimated square by square and taken between their centres in a straight line.
 */
export function evenLight(image: PageImage): void {
  const columns = Math.ceil(image.width / tile);
  const rows = Math.ceil(image.height / tile);
  const paper = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1)
      paper[row * columns + column] = paperGrey(image, column * tile, row * tile);
  const known = paper.filter((grey) => grey > darkest);
  if (known.length === 0 || Math.max(...known) - Math.min(...known) < leastFall) return;

  const at = (column: number, row: number): number =>
    Math.max(
      darkest,
      paper[Math.min(rows - 1, Math.max(0, row)) * columns + Math.min(columns - 1, Math.max(0, column))] ??
        255,
    );
  for (let y = 0; y < image.height; y += 1) {
    const fromRow = y / tile - 0.5;
    const row = Math.floor(fromRow);
    const down = fromRow - row;
    for (let x = 0; x < image.width; x += 1) {
      const fromColumn = x / tile - 0.5;
      const column = Math.floor(fromColumn);
      const across = fromColumn - column;
      const upper = at(column, row) * (1 - across) + at(column + 1, row) * across;
      const lower = at(column, row + 1) * (1 - across) + at(column + 1, row + 1) * across;
      const index = y * image.width + x;
      const grey = ((image.pixels[index] ?? 255) * 245) / (upper * (1 - down) + lower * down);
      image.pixels[index] = Math.min(255, Math.round(grey));
    }
  }
}

/** The grey that nine tenths of a square do not exceed: paper, wherever less than that is ink. */
function paperGrey(image: PageImage, left: number, top: number): number {
  const histogram = new Uint32Array(256);
  let count = 0;
  for (let y = top; y < Math.min(top + tile, image.height); y += 2)
    for (let x = left; x < Math.min(left + tile, image.width); x += 2) {
      const grey = image.pixels[y * image.width + x] ?? 255;
      histogram[grey] = (histogram[grey] ?? 0) + 1;
      count += 1;
    }
  let lightest = count / 10;
  for (let grey = 255; grey > 0; grey -= 1) {
    lightest -= histogram[grey] ?? 0;
    if (lightest < 0) return grey;
  }
  return 0;
}
