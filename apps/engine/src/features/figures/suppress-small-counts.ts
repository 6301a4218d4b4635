/**
 * A count as it may leave a clinic: 1 to 7 are not told, all others are rounded to the nearest 5, so that no difference of two
 * figures tells a small one (NHS England, "Hospital Episode Statistics: analysis guide", small numbers).
 */
export function suppressSmallCount(count: number): number | null {
  if (count === 0) return 0;
  return count <= 7 ? null : Math.round(count / 5) * 5;
}
