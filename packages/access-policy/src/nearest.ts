/**
 * The candidate with the fewest edits (Levenshtein) from `text`, or undefined where none is near enough to
 * be a slip of the pen: at most a third of the longer text, and at least two edits are always allowed.
 */
export function findNearest(text: string, candidates: Iterable<string>): string | undefined {
  // Edit distance is quadratic; nobody mistypes an id of this length.
  if (text.length > 200) return undefined;
  let nearest: string | undefined;
  let fewest = Infinity;
  for (const candidate of candidates) {
    const allowed = Math.max(2, Math.floor(Math.max(text.length, candidate.length) / 3));
    if (Math.abs(text.length - candidate.length) > allowed) continue;
    const edits = countEdits(text.toLowerCase(), candidate.toLowerCase());
    if (edits <= allowed && edits < fewest) {
      nearest = candidate;
      fewest = edits;
    }
  }
  return nearest;
}

function countEdits(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const substituted = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(substituted, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
