import type { ControlLine, ControlState, Environment } from '../api/board-query.ts';
import type { Tone } from '../parts/tag.tsx';

export const environments: readonly Environment[] = ['development', 'staging', 'production'];

/** Reads the environment back from the address; production is what everybody asks about. */
export function readEnvironment(search: string): Environment {
  const asked = new URLSearchParams(search).get('to');
  return environments.find((each) => each === asked) ?? 'production';
}

const CHAPTERS: ReadonlyMap<string, string> = new Map([
  ['SEC', 'Tickets'],
  ['CH-1', 'Authentication and sessions'],
  ['CH-2', 'Access control'],
  ['CH-3', 'Isolation of tenants'],
  ['CH-4', 'Encryption and keys'],
  ['CH-5', 'Audit'],
  ['CH-6', 'AI gateway'],
  ['CH-7', 'Retention and minimisation'],
  ['CH-8', 'Rights and governance'],
  ['CH-9', 'Monitoring and incidents'],
  ['CH-10', 'Secure development'],
  ['CH-11', 'Continuity'],
]);

export interface Chapter {
  readonly key: string;
  readonly name: string;
  readonly lines: readonly ControlLine[];
}

/** The controls by chapter, in the order in which they came. */
export function groupByChapter(lines: readonly ControlLine[]): Chapter[] {
  const groups = Map.groupBy(lines, ({ id }) => (id.startsWith('CH-') ? id.replace(/\..*$/, '') : 'SEC'));
  return [...groups].map(([key, own]) => ({ key, name: CHAPTERS.get(key) ?? key, lines: own }));
}

/** What stands in the way, the gravest first. */
export function listBlocking(lines: readonly ControlLine[]): ControlLine[] {
  return lines
    .filter(({ blocks }) => blocks)
    .sort((a, b) => a.priority.localeCompare(b.priority) || rank(a.state) - rank(b.state));
}

const rank = (state: ControlState): number => (state === 'fail' ? 0 : 1);

export function countStates(lines: readonly ControlLine[]): Readonly<Record<ControlState, number>> {
  const count = (state: ControlState): number => lines.filter((line) => line.state === state).length;
  return { pass: count('pass'), fail: count('fail'), unknown: count('unknown') };
}

const TONES = { pass: 'good', fail: 'danger', unknown: 'warning' } as const;
export const toneOf = (state: ControlState): Tone => TONES[state];

export const sayState = (state: ControlState): string =>
  ({ pass: 'Passes', fail: 'Fails', unknown: 'Not proven' })[state];

/** Why it is as it is; where the evidence grew old, that comes first. */
export function sayBecause({ state, saidBefore, because, lifeHours }: ControlLine): string {
  if (saidBefore === null || state === saidBefore)
    return `${because.charAt(0).toUpperCase()}${because.slice(1)}`;
  return `It passed, and its evidence counts for ${lifeHours === 1 ? 'one hour' : `${lifeHours} hours`}: it is too old by now.`;
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;
const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'always' });

/** How long ago, in the largest whole unit. */
export function sayAge(at: string, now: number): string {
  const age = now - Date.parse(at);
  const [unit, size] = UNITS.find(([, each]) => Math.abs(age) >= each) ?? ['minute', 60_000];
  return Math.abs(age) < 60_000 ? 'just now' : relative.format(-Math.trunc(age / size), unit);
}

/** The trend for whoever does not see it: runs that said the same one after another are said once. */
export function sayTrend(trend: ControlLine['trend']): string {
  if (trend.length === 0) return 'Never asked';
  const stretches: { state: ControlState; times: number }[] = [];
  for (const { state } of trend) {
    const last = stretches.at(-1);
    if (last?.state === state) last.times += 1;
    else stretches.push({ state, times: 1 });
  }
  const said = stretches.map(
    ({ state, times }) => `${sayState(state).toLowerCase()}${times > 1 ? ` ${times} times` : ''}`,
  );
  const runs = trend.length === 1 ? 'Last run' : `Last ${trend.length} runs, the oldest first`;
  return `${runs}: ${said.join(', then ')}`;
}
