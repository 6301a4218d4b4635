import { formatExactInstant } from '@cordon/clinic-page';
import type { GateBoard } from '../api/board-query.ts';
import { countStates, sayAge } from './board-words.ts';

const states = ['pass', 'fail', 'unknown'] as const;
const words = { pass: 'pass', fail: 'fail', unknown: 'not proven' } as const;

/** Whether this environment may be promoted to, by what was asked, and the command that asks again. */
export function VerdictPanel({
  board,
  lastRun,
  blocking,
  now,
}: {
  board: GateBoard;
  lastRun: NonNullable<GateBoard['lastRun']>;
  blocking: number;
  now: number;
}) {
  const counts = countStates(board.lines);
  const command = `npx cordon gate --to ${board.to}`;
  return (
    <section
      className={`panel verdict ${board.allowed ? 'verdict-allowed' : 'verdict-blocked'}`}
      aria-label="Verdict"
    >
      <div className="verdict-words">
        <p className="verdict-title">
          {board.allowed ? `May go to ${board.to}` : `Blocked on the way to ${board.to}`}
        </p>
        <p>
          {board.allowed
            ? `None of ${board.lines.length} controls stands in the way.`
            : `${blocking} of ${board.lines.length} controls ${blocking === 1 ? 'stands' : 'stand'} in the way.`}
        </p>
        <p className="hint">
          All were last asked{' '}
          <time dateTime={lastRun.at} title={formatExactInstant(lastRun.at)}>
            {sayAge(lastRun.at, now)}
          </time>
          {lastRun.commit === null ? (
            ', of a tree that was changed, which nothing can be promoted from'
          ) : (
            <>
              , of commit <code>{lastRun.commit.slice(0, 12)}</code>
            </>
          )}
          . Ask again: <code>{command}</code>
        </p>
      </div>
      <div className="tally">
        <svg className="tally-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
          {states.map((state, place) => (
            <rect
              key={state}
              className={`tally-${state}`}
              x={
                (100 * states.slice(0, place).reduce((sum, each) => sum + counts[each], 0)) /
                board.lines.length
              }
              width={(100 * counts[state]) / board.lines.length}
              height="8"
            />
          ))}
        </svg>
        <ul className="tally-words">
          {states.map((state) => (
            <li key={state}>
              <span className={`tally-key tally-key-${state}`} aria-hidden="true" />
              <strong>{counts[state]}</strong> {words[state]}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
