import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '../api/types.ts';
import type { CursorTrail } from '../routing/cursor-trail.ts';
import { Pager } from './pager.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { Loading } from './states.tsx';

interface PagedListProps<Item> {
  readonly query: UseQueryResult<Page<Item>>;
  readonly trail: CursorTrail;
  readonly one: string;
  readonly many: string;
  readonly empty: ReactNode;
  /** Shows the items; `busy` while they are the page before the one asked for. */
  readonly children: (items: readonly Item[], busy: boolean) => ReactNode;
}

/** A list in every state it can be in: on its way, refused or failed, empty, one page of several. */
export function PagedList<Item>({ query, trail, one, many, empty, children }: PagedListProps<Item>) {
  const { data, error, isPlaceholderData: busy, refetch } = query;
  const later = trail.pageNumber > 1;
  return (
    <>
      {error !== null ? (
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading what={many} />
      ) : data.items.length === 0 ? (
        empty
      ) : (
        children(data.items, busy)
      )}
      {(later || (error === null && data !== undefined && data.items.length > 0)) && (
        <Pager
          trail={trail}
          nextCursor={error === null ? (data?.nextCursor ?? null) : null}
          count={error === null ? data?.items.length : undefined}
          one={one}
          many={many}
          busy={busy}
        />
      )}
    </>
  );
}
