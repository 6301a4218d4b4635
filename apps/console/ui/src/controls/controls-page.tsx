import { useQuery } from '@tanstack/react-query';
import { boardQuery, type ControlLine, type Environment, type GateBoard } from '../api/board-query.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Empty, Loading } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { PageHeading } from '../routing/page-heading.tsx';
import { navigate, useSearch } from '../routing/router.ts';
import {
  countStates,
  environments,
  groupByChapter,
  listBlocking,
  readEnvironment,
  sayState,
  toneOf,
} from './board-words.ts';
import { Age, ControlCard } from './control-card.tsx';
import { Trend } from './trend.tsx';
import { VerdictPanel } from './verdict-panel.tsx';

export function ControlsPage() {
  const to = readEnvironment(useSearch());
  const query = useQuery(boardQuery(to));
  return (
    <>
      <PageHeading title="Controls">Controls</PageHeading>
      <p className="lead">
        What keeps patients’ data safe, and whether it was proven. Nothing is taken on hope: what nobody asked
        lately counts like what fails.
      </p>
      <EnvironmentTabs to={to} />
      {query.isPending && <Loading what="the board" />}
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && <Board board={query.data} now={query.dataUpdatedAt} />}
    </>
  );
}

function EnvironmentTabs({ to }: { to: Environment }) {
  return (
    <nav className="tabs" aria-label="Promotion to">
      <ul>
        {environments.map((each) => (
          <li key={each}>
            <a
              className="tab"
              href={`/controls?to=${each}`}
              aria-current={each === to ? 'page' : undefined}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
                event.preventDefault();
                navigate(`/controls?to=${each}`, 'replace');
              }}
            >
              {each.charAt(0).toUpperCase() + each.slice(1)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** `now`: when the board was read; ages are of then. */
function Board({ board, now }: { board: GateBoard; now: number }) {
  if (board.lastRun === null)
    return (
      <Empty title={`Nobody has asked what stands in the way of ${board.to}`}>
        <p>
          Run <code>npx cordon gate --to {board.to}</code> where this installation was started.
        </p>
      </Empty>
    );
  const blocking = listBlocking(board.lines);
  return (
    <div className="board">
      <VerdictPanel board={board} lastRun={board.lastRun} blocking={blocking.length} now={now} />
      {blocking.length > 0 && (
        <section className="board-part" aria-labelledby="in-the-way">
          <h2 id="in-the-way">In the way of {board.to}</h2>
          <div className="control-list">
            {blocking.map((line) => (
              <ControlCard key={line.id} line={line} now={now} />
            ))}
          </div>
        </section>
      )}
      <section className="board-part" aria-labelledby="by-chapter">
        <h2 id="by-chapter">Every control</h2>
        {groupByChapter(board.lines).map(({ key, name, lines }) => (
          <details key={key} className="details chapter" open={countStates(lines).pass < lines.length}>
            <summary>
              {name}{' '}
              <span className="hint">
                {countStates(lines).pass} of {lines.length} pass
              </span>
            </summary>
            <DataTable caption={name} columns={columnsAt(now)} rows={lines} rowKey={({ id }) => id} />
          </details>
        ))}
      </section>
    </div>
  );
}

const columnsAt = (now: number): readonly Column<ControlLine>[] => [
  {
    key: 'control',
    header: 'Control',
    isRowHeader: true,
    cell: ({ id, priority, title }) => (
      <>
        <span className="control-id">
          {priority} {id}
        </span>{' '}
        {title}
      </>
    ),
  },
  {
    key: 'state',
    header: 'State',
    cell: ({ state }) => <Tag tone={toneOf(state)}>{sayState(state)}</Tag>,
  },
  { key: 'evidence', header: 'Evidence', cell: (line) => <Age line={line} now={now} /> },
  { key: 'owner', header: 'Owner', cell: ({ owner }) => owner },
  { key: 'trend', header: 'Trend', cell: ({ trend }) => <Trend trend={trend} /> },
];
