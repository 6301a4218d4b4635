import type { Span } from './spans.ts';

/** Which redactions are searched on both sides again, how far, and how. */
export interface Neighbourhood {
  /** Whether what stands beside this span may read otherwise once the span is gone. */
  readonly matters: (span: Span) => boolean;
  /** Characters that may belong to the same number. */
  readonly accepts: (code: number) => boolean;
  readonly search: (piece: string) => readonly Span[];
}

/**
 * What a redaction leaves standing is searched as it then stands, so that a second scrub finds nothing new. Pieces
 * end at the next redaction or one character behind the last accepted one, so that `\b` sees its neighbour.
 *
 * @param spans merged spans of `text`
 */
export function searchBeside(text: string, spans: readonly Span[], neighbourhood: Neighbourhood): Span[] {
  const { matters, accepts, search } = neighbourhood;
  const found: Span[] = [];
  const searchPiece = (from: number, to: number): void => {
    for (const span of search(text.slice(from, to))) {
      found.push({ ...span, start: span.start + from, end: span.end + from });
    }
  };
  spans.forEach((span, index) => {
    if (!matters(span)) return;
    const floor = spans[index - 1]?.end ?? 0;
    let from = span.start;
    while (from > floor && accepts(text.charCodeAt(from - 1))) from--;
    searchPiece(Math.max(floor, from - 1), span.start);
    const ceiling = spans[index + 1]?.start ?? text.length;
    let to = span.end;
    while (to < ceiling && accepts(text.charCodeAt(to))) to++;
    searchPiece(span.end, Math.min(ceiling, to + 1));
  });
  return found;
}
