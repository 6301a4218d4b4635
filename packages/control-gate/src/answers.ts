import type { Answer, Evidence, State } from './control.ts';

/** Longer answers are cut: a report is read by people. */
const longest = 2_000;

/** Evidence of this moment. */
export function seen(asked: string, of: string, answer: unknown, at = new Date()): Evidence {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return {
    asked,
    of,
    at: at.toISOString(),
    answer: text.length > longest ? `${text.slice(0, longest)} … (${text.length} characters)` : text,
  };
}

const answer =
  (state: State) =>
  (because: string, evidence: readonly Evidence[], next?: string): Answer => ({
    state,
    because,
    evidence,
    ...(next !== undefined && { next }),
  });

export const pass = answer('pass');
export const fail = answer('fail');
export const unknown = answer('unknown');

/** A check for what does not exist yet: it says so, and blocks. */
export const notBuilt =
  (what: string): (() => Promise<Answer>) =>
  () =>
    Promise.resolve(unknown(`Not built: ${what}.`, []));

/** Passes where nothing is wrong, and else says what is: the first few, and how many there are. */
export function judgeFaults(
  faults: readonly string[],
  holds: string,
  evidence: readonly Evidence[],
  next?: string,
): Answer {
  if (faults.length === 0) return pass(holds, evidence);
  const shown = faults.slice(0, 3).join('; ');
  const more = faults.length > 3 ? `; and ${faults.length - 3} more` : '';
  return fail(`${shown}${more}.`.replace(/\.\.$/, '.'), evidence, next);
}

/** Several answers as one: it fails where one fails, and passes only where all do. */
export function allOf(answers: readonly Answer[]): Answer {
  const worst =
    answers.find(({ state }) => state === 'fail') ?? answers.find(({ state }) => state === 'unknown');
  const evidence = answers.flatMap((each) => each.evidence);
  if (answers.length === 0) return unknown('Nothing was asked.', []);
  if (worst) return { ...worst, evidence };
  return pass(answers.map(({ because }) => because).join(' '), evidence);
}
