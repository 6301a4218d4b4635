/**
 * Whether two words differ by at most one slip of the hand: a letter too many, missing, wrong, or two swapped
 * (Damerau's four).
 */
export function isOneSlipAway(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (long.length > short.length) return short.slice(at) === long.slice(at + 1);
  const rest = at + 1;
  if (short.slice(rest) === long.slice(rest)) return true;
  return (
    short[at] === long[rest] && short[rest] === long[at] && short.slice(rest + 1) === long.slice(rest + 1)
  );
}
