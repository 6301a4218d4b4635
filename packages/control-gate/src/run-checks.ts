import { unknown } from './answers.ts';
import type { Answer, Control, ControlCard } from './control.ts';

/** A control and what came of asking. */
export interface Finding extends Answer {
  readonly control: ControlCard;
  /** When the check began, ISO 8601. */
  readonly at: string;
  readonly milliseconds: number;
}

export interface RunOptions {
  /** How many run side by side. */
  readonly sideBySide?: number;
  readonly now?: () => Date;
  /** Called with each finding as its check ends. */
  readonly onFinding?: (finding: Finding, done: number, of: number) => void;
}

const defaultLimitSeconds = 120;
const defaultLifeHours = 24;
const hour = 3_600_000;
/** Clocks of two machines may differ. */
const clockSlack = 300_000;

/**
 * Asks every control, side by side, each with its own time limit. What crashes, hangs, answers nothing, passes without
 * evidence or on evidence older than its life is unknown.
 */
export async function runChecks<Asked>(
  controls: readonly Control<Asked>[],
  asked: Asked,
  options: RunOptions = {},
): Promise<Finding[]> {
  const findings: Finding[] = new Array<Finding>(controls.length);
  const now = options.now ?? (() => new Date());
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < controls.length; at = next++) {
      const control = controls[at];
      if (control === undefined) return;
      const finding = await runCheck(control, asked, now);
      findings[at] = finding;
      done += 1;
      options.onFinding?.(finding, done, controls.length);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.sideBySide ?? 8) }, work));
  return findings;
}

async function runCheck<Asked>(control: Control<Asked>, asked: Asked, now: () => Date): Promise<Finding> {
  const began = now();
  const started = performance.now();
  const seconds = control.limitSeconds ?? defaultLimitSeconds;
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => {
      stop.abort();
      resolve(unknown(`The check did not answer within ${seconds} s.`, []));
    }, seconds * 1000);
  });
  const asking = Promise.resolve()
    .then(() => control.check(asked, stop.signal))
    .catch((error: unknown) => unknown(`The check could not run: ${describeError(error)}`, []));
  const answer = await Promise.race([asking, limit]);
  clearTimeout(timer);
  // What is asked no more may stop.
  stop.abort();
  const { check: _check, ...card } = control;
  return {
    ...holdToEvidence(answer, (control.lifeHours ?? defaultLifeHours) * hour, now()),
    control: card,
    at: began.toISOString(),
    milliseconds: Math.round(performance.now() - started),
  };
}

/** A pass stands on what was seen, and on what was seen lately. */
function holdToEvidence(answer: Answer, life: number, now: Date): Answer {
  if (!isAnswer(answer)) return unknown('The check answered with no state.', []);
  if (answer.state !== 'pass') return answer;
  if (answer.evidence.length === 0)
    return unknown('The check passed without evidence, which is no pass.', []);
  const ages = answer.evidence.map(({ at }) => ({ at, age: now.getTime() - Date.parse(at) }));
  // Not written as "too old or too young": what is no time at all is neither.
  const stale = ages.find(({ age }) => !(age <= life && age >= -clockSlack));
  if (stale)
    return {
      ...answer,
      state: 'unknown',
      because: `The evidence is not of its time: it is of ${stale.at}.`,
    };
  return answer;
}

function isAnswer(value: unknown): value is Answer {
  const { state, because, evidence } = (value ?? {}) as Partial<Answer>;
  return (
    ['pass', 'fail', 'unknown'].includes(state ?? '') &&
    typeof because === 'string' &&
    Array.isArray(evidence)
  );
}

/** The sentence meant for people where an error has one; never a stack. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'it threw something that is no error.';
  const text =
    'publicMessage' in error && typeof error.publicMessage === 'string' ? error.publicMessage : error.message;
  return text.split('\n')[0]?.slice(0, 300) ?? '';
}
