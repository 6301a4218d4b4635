import type { Environment, State } from '../control.ts';
import type { BoardControl, BoardReport } from './board-report.ts';

const hour = 3_600_000;
const mostRuns = 12;

/** What one run said of a control. */
export interface Seen {
  /** When the run ended, ISO 8601. */
  readonly at: string;
  readonly state: State;
}

export interface BoardLine extends BoardControl {
  /** Where its evidence has outlived its life: what the last run said of it, before. */
  readonly saidBefore: State | null;
  readonly blocks: boolean;
  /** The last runs that asked it, the oldest first; at most twelve. */
  readonly trend: Seen[];
}

/** Where one environment stands, by the newest answer to each control. */
export interface Board {
  readonly to: Environment;
  /** The last run that asked everything; null before there was one. */
  readonly lastRun: { readonly at: string; readonly commit: string | null } | null;
  readonly allowed: boolean;
  readonly lines: BoardLine[];
}

/**
 * Makes the board of an environment of its reports, in any order. Which controls there are, the last whole run says; a later run
 * of a part answers for that part. What passed on evidence that is too old by now is unknown, as the gate would say.
 */
export function drawBoard(to: Environment, reports: readonly BoardReport[], now: Date): Board {
  const own = reports
    .filter((report) => report.to === to)
    .sort((a, b) => Date.parse(a.ended) - Date.parse(b.ended));
  const last = own.findLast(({ whole }) => whole);
  const lines = (last?.controls ?? []).map(({ id }) => drawLine(id, own, now));
  const known = lines.filter((line) => line !== undefined);
  return {
    to,
    lastRun: last === undefined ? null : { at: last.ended, commit: last.commit },
    allowed: last !== undefined && known.every(({ blocks }) => !blocks),
    lines: known,
  };
}

function drawLine(id: string, reports: readonly BoardReport[], now: Date): BoardLine | undefined {
  const said = reports.flatMap(({ ended, controls }) => {
    const control = controls.find((each) => each.id === id);
    return control === undefined ? [] : [{ at: ended, control }];
  });
  const newest = said.at(-1)?.control;
  if (newest === undefined) return undefined;
  const state = newest.state === 'pass' && !isFresh(newest, now) ? 'unknown' : newest.state;
  return {
    ...newest,
    state,
    saidBefore: state === newest.state ? null : newest.state,
    blocks: state !== 'pass' && newest.binds,
    trend: said.slice(-mostRuns).map(({ at, control }) => ({ at, state: control.state })),
  };
}

/** Evidence from a time to come is none: a clock was set back, or somebody wrote the day himself. */
function isFresh({ evidenceAt, lifeHours }: BoardControl, now: Date): boolean {
  if (evidenceAt === null) return false;
  const age = now.getTime() - Date.parse(evidenceAt);
  return age >= -300_000 && age <= lifeHours * hour;
}
