import type { InkMask } from './ink-mask.ts';

/** Scans tilt by a few degrees; more is another orientation, not a tilt. */
const mostDegrees = 6;
const mostPoints = 60_000;

/**
 * The angle in radians at which the page's lines run, positive when they fall to the right: the angle at which
 * the ink, summed along the lines, is most unevenly spread over the rows (projection profile).
 */
export function estimateTilt(mask: InkMask): number {
  const points = inkPoints(mask);
  if (points.length < 200) return 0;
  const around = (centre: number, reach: number, step: number): number => {
    let best = centre;
    let bestScore = -1;
    for (let offset = -reach; offset <= reach + step / 2; offset += step) {
      const score = profileScore(points, mask, ((centre + offset) * Math.PI) / 180);
      // The upright page wins a tie, so that an empty one stays as it is.
      if (score > bestScore * 1.000_001) {
        bestScore = score;
        best = centre + offset;
      }
    }
    return best;
  };
  const coarse = around(0, mostDegrees, 0.5);
  return (around(around(coarse, 0.5, 0.1), 0.1, 0.02) * Math.PI) / 180;
}

/** Ink pixels as x, y, x, y …, thinned out to a bounded number. */
function inkPoints({ width, height, ink }: InkMask): Float32Array {
  const total = ink.reduce((sum, value) => sum + value, 0);
  const every = Math.max(1, Math.ceil(total / mostPoints));
  const points = new Float32Array(2 * Math.ceil(total / every));
  let seen = 0;
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (ink[y * width + x] !== 1) continue;
      if (seen % every === 0) {
        points[at] = x;
        points[at + 1] = y;
        at += 2;
      }
      seen += 1;
    }
  }
  return points.subarray(0, at);
}

function profileScore(points: Float32Array, { width, height }: InkMask, angle: number): number {
  const slope = Math.tan(angle);
  const shift = Math.abs(slope) * width;
  const bins = new Float64Array(Math.ceil((height + 2 * shift) / 2) + 2);
  for (let at = 0; at < points.length; at += 2) {
    const bin = ((points[at + 1] ?? 0) - (points[at] ?? 0) * slope + shift) >> 1;
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins.reduce((sum, count) => sum + count * count, 0);
}
