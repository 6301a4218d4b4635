import { formatInstant, type OwnSession, useOwnSessions } from '@cordon/clinic-page';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Loading } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { PageHeading } from '../routing/page-heading.tsx';

/** Where the person is signed in to the console, and the way out of each. */
export function SessionsPage() {
  const { list, end } = useOwnSessions();
  const columns: readonly Column<OwnSession>[] = [
    {
      key: 'browser',
      header: 'Browser',
      isRowHeader: true,
      cell: ({ browser, current, locked }) => (
        <>
          {browser ?? 'An unknown browser'}{' '}
          {current ? <Tag tone="good">This one</Tag> : locked && <Tag>Locked</Tag>}
        </>
      ),
    },
    { key: 'used', header: 'Last used', cell: ({ lastSeenAt }) => formatInstant(lastSeenAt) },
    { key: 'since', header: 'Confirmed', cell: ({ createdAt }) => formatInstant(createdAt) },
    {
      key: 'end',
      header: 'Sign out',
      cell: ({ id, current, browser }) =>
        current ? (
          <span className="hint">Use “Sign out” in the menu</span>
        ) : (
          <button
            type="button"
            className="button"
            disabled={end.isPending}
            onClick={() => {
              end.mutate(id);
            }}
          >
            Sign out<span className="visually-hidden"> of {browser ?? 'an unknown browser'}</span>
          </button>
        ),
    },
  ];
  return (
    <>
      <PageHeading title="Your sessions">Your sessions</PageHeading>
      <p className="lead">
        The browsers in which you are signed in. Sign out of one that you do not know, then change your
        password.
      </p>
      {end.isError && <ProblemNotice error={end.error} />}
      {list.error !== null ? (
        <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Loading what="your sessions" />
      ) : (
        <DataTable
          caption="Your sessions"
          columns={columns}
          rows={list.data}
          rowKey={({ id }) => id}
          busy={list.isFetching}
        />
      )}
      <p>
        <button
          type="button"
          className="button"
          disabled={end.isPending}
          onClick={() => {
            end.mutate(null);
          }}
        >
          Sign out everywhere
        </button>
      </p>
      <p className="hint">Everywhere is every browser and every application, this one too.</p>
    </>
  );
}
