import type { ControlLine } from '../api/board-query.ts';
import { Tag } from '../parts/tag.tsx';
import { sayAge, sayBecause, sayState, toneOf } from './board-words.ts';
import { Trend } from './trend.tsx';

/** Of when the evidence is. */
export function Age({ line, now }: { line: ControlLine; now: number }) {
  if (line.evidenceAt === null) return <span className="missing">no evidence</span>;
  return <time dateTime={line.evidenceAt}>{sayAge(line.evidenceAt, now)}</time>;
}

/** What stands in the way: why, whose it is, and what to do next. */
export function ControlCard({ line, now }: { line: ControlLine; now: number }) {
  const heading = `control-${line.id}`;
  return (
    <article className={`control control-${line.state}`} aria-labelledby={heading}>
      <header className="control-head">
        <h3 id={heading}>
          <span className="control-id">
            {line.priority} {line.id}
          </span>{' '}
          {line.title}
        </h3>
        <Tag tone={toneOf(line.state)}>{sayState(line.state)}</Tag>
      </header>
      <p className="control-because">{sayBecause(line)}</p>
      <p className="control-next">
        <span className="control-label">Next</span> <code>{line.next}</code>
      </p>
      <dl className="control-facts">
        <div>
          <dt>Owner</dt>
          <dd>{line.owner}</dd>
        </div>
        <div>
          <dt>Evidence</dt>
          <dd>
            <Age line={line} now={now} />
          </dd>
        </div>
        <div>
          <dt>Rule</dt>
          <dd>{line.rule}</dd>
        </div>
        <div>
          <dt>Trend</dt>
          <dd>
            <Trend trend={line.trend} />
          </dd>
        </div>
      </dl>
    </article>
  );
}
