import { readdirSync, readFileSync } from 'node:fs';
import type { Random } from './random.ts';
import type { CorpusPart } from './words.ts';

/** A message with `{slots}` for details and `[one|another]` wording; `\n` is a line's end. */
export interface Shape {
  readonly kind: string;
  readonly template: string;
}

/**
 * A file a kind of message, a line a shape. Those of `held-out` were written before the rules were worked on and
 * are not looked at while rules are written.
 */
export function readShapes(part: CorpusPart): Shape[] {
  const folder = new URL(`shapes/${part}/`, import.meta.url);
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) =>
      readFileSync(new URL(file, folder), 'utf8')
        .trim()
        .split('\n')
        .map((line) => ({ kind: file.replace('.txt', ''), template: line.replaceAll(String.raw`\n`, '\n') })),
    );
}

/** Tells nothing of anybody: whatever is found in it is found wrongly. */
export const PLAIN = 'plain';

export function chooseWording(template: string, random: Random): string {
  return template.replace(/\[([^\]]*\|[^\]]*)\]/gu, (_, choices: string) => random.pick(choices.split('|')));
}
