import { matchPlainRuleBeside } from './plain-rule.ts';
import { scanNumbers } from './scan.ts';
import { mergeSpans, type Span } from './spans.ts';

/** Every card number in the text, sorted and without overlap. */
export function findNumbers(text: string): Span[] {
  const spans = mergeSpans(scanNumbers(text));
  if (spans.length === 0) return spans;
  return mergeSpans([...spans, ...matchPlainRuleBeside(text, spans)]);
}
