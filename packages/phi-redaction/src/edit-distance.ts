/**
 * Whether two words differ by at most one slip of the hand: a letter too many, missing, wrong, or two swapped
 * (Damerau's four).
 */
export function isOneSlipAway(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const more = long.length - short.length;
  if (more > 1) return false;
  let at = 0;
  while (at < short.length && short.charCodeAt(at) === long.charCodeAt(at)) at += 1;
  if (at === long.length) return true;
  let back = 0;
  const most = short.length - at;
  while (back < most && short.charCodeAt(short.length - 1 - back) === long.charCodeAt(long.length - 1 - back)) back += 1;
  // What is left between the part that both begin with and the part that both end with.
  const left = most - back;
  if (more === 1) return left === 0;
  return (
    left <= 1 ||
    (left === 2 && short.charCodeAt(at) === long.charCodeAt(at + 1) && short.charCodeAt(at + 1) === long.charCodeAt(at))
  );
} // prettier-ignore
