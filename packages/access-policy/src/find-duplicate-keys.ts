import type { PolicyProblem } from './error.ts';
import { FILE_NAMES, type FileKey } from './ids.ts';
import { toJsonPath } from './json-path.ts';
import { MAX_ENTRIES } from './schemas/common.ts';

interface Level {
  readonly keys: Set<string> | null;
  step: PropertyKey;
}

// JSON.parse keeps the last of two equal keys without a word: a second, empty "restricted" would undo the first.
const MARKS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** Keys that stand twice in one object. The text must be valid JSON (JSON.parse has accepted it). */
export function findDuplicateKeys(file: FileKey, text: string): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const levels: Level[] = [];
  let lastString = '';
  for (const [mark] of text.matchAll(MARKS)) {
    const level = levels.at(-1);
    if (mark === '{') levels.push({ keys: new Set(), step: '' });
    else if (mark === '[') levels.push({ keys: null, step: 0 });
    else if (mark === '}' || mark === ']') levels.pop();
    else if (mark === ',') {
      if (level !== undefined && typeof level.step === 'number') level.step += 1;
    } else if (mark === ':' && level?.keys) {
      level.step = JSON.parse(lastString) as string;
      if (level.keys.has(level.step) && problems.length < MAX_ENTRIES) {
        problems.push({
          kind: 'duplicate-key',
          file: FILE_NAMES[file],
          path: toJsonPath(levels.map(({ step }) => step)),
          value: lastString.slice(0, 80),
          message: 'stands twice in one object',
        });
      }
      level.keys.add(level.step);
    } else lastString = mark;
  }
  return problems;
}
