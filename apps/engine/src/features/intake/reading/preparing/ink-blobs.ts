import type { InkMask } from './ink-mask.ts';

/** A connected patch of ink, by the box around it (`right` and `bottom` included). */
export interface InkBlob {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** More patches than this is no page of writing but noise. */
const mostBlobs = 60_000;

/** Connected patches of ink, from runs joined row by row; null when there are too many to be writing. */
export function findBlobs({ width, height, ink }: InkMask): InkBlob[] | null {
  const parents: number[] = [];
  const boxes: InkBlob[] = [];
  const rootOf = (id: number): number => {
    let root = id;
    while (parents[root] !== root) root = parents[root] ?? root;
    parents[id] = root;
    return root;
  };
  let above: { from: number; to: number; id: number }[] = [];
  for (let y = 0; y < height; y += 1) {
    const runs: typeof above = [];
    let candidate = 0;
    for (let x = 0; x < width; x += 1) {
      if (ink[y * width + x] !== 1) continue;
      const from = x;
      while (x + 1 < width && ink[y * width + x + 1] === 1) x += 1;
      let id = -1;
      while (candidate < above.length && (above[candidate]?.to ?? 0) < from - 1) candidate += 1;
      for (let other = candidate; other < above.length; other += 1) {
        const run = above[other];
        if (!run || run.from > x + 1) break;
        const root = rootOf(run.id);
        if (id === -1) id = root;
        else if (root !== id) parents[root] = id;
      }
      if (id === -1) {
        id = boxes.length;
        if (id >= mostBlobs) return null;
        parents.push(id);
        boxes.push({ left: from, top: y, right: x, bottom: y });
      } else {
        enclose(boxes[id], { left: from, top: y, right: x, bottom: y });
      }
      runs.push({ from, to: x, id });
    }
    above = runs;
  }
  boxes.forEach((box, id) => {
    const root = rootOf(id);
    if (root !== id) enclose(boxes[root], box);
  });
  return boxes.filter((_, id) => rootOf(id) === id);
}

function enclose(box: InkBlob | undefined, other: InkBlob): void {
  if (!box) return;
  box.left = Math.min(box.left, other.left);
  box.top = Math.min(box.top, other.top);
  box.right = Math.max(box.right, other.right);
  box.bottom = Math.max(box.bottom, other.bottom);
}

/** The height of letters on the page: the middle of the patches that have a letter's shape; 0 when there are few. */
export function letterHeight(blobs: readonly InkBlob[]): number {
  const heights = blobs
    .map((blob) => ({ width: blob.right - blob.left + 1, height: blob.bottom - blob.top + 1 }))
    .filter(
      ({ width, height }) => height >= 8 && height <= 120 && width <= height * 2.5 && width * 12 >= height,
    )
    .map(({ height }) => height)
    .sort((a, b) => a - b);
  return heights.length < 20 ? 0 : (heights[Math.floor(heights.length / 2)] ?? 0);
}
