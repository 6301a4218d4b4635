/** Why a span was taken out; see README, "Reasons". */
export type FindingReason = 'plain-rule' | 'network-number' | 'encoded' | 'split-lines' | 'split-fields';

/** Half-open range of UTF-16 code units in the scanned text. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly reason: FindingReason;
}

export const REDACTION = '[REDACTED-PAN]';

/** Sorted, without overlap. Overlapping spans become one, so that no digit of either survives. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of isSorted(spans) ? spans : spans.toSorted(inOrder)) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) merged.push(span);
    else if (span.end > last.end) merged[merged.length - 1] = { ...last, end: span.end };
  }
  return merged;
}

function inOrder(a: Span, b: Span): number {
  return a.start - b.start || b.end - a.end;
}

function isSorted(spans: readonly Span[]): boolean {
  return spans.every((span, at) => at === 0 || inOrder(spans[at - 1] ?? span, span) <= 0);
}

/** Adds one by one: a call with a million arguments would exhaust the stack. */
export function appendSpans(to: Span[], more: readonly Span[]): void {
  for (const span of more) to.push(span);
}

/** Puts the redaction text in the place of each span; everything else is carried over as it is. */
export function redactSpans(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let from = 0;
  for (const span of spans) {
    parts.push(text.slice(from, span.start), REDACTION);
    from = span.end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}
