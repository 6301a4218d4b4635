import { formatCount } from '@cordon/clinic-page';
import type { CursorTrail } from '../routing/cursor-trail.ts';

interface PagerProps {
  readonly trail: CursorTrail;
  readonly nextCursor: string | null;
  /** Undefined while it is not known. */
  readonly count: number | undefined;
  readonly one: string;
  readonly many: string;
  readonly busy: boolean;
}

export function Pager({ trail, nextCursor, count, one, many, busy }: PagerProps) {
  const { pageNumber } = trail;
  const several = pageNumber > 1 || nextCursor !== null;
  const words = [
    several ? `Page ${pageNumber}` : '',
    count === undefined ? '' : formatCount(count, one, many),
  ];
  return (
    <nav className="pager" aria-label="Pages">
      <p role="status">{busy ? 'Loading…' : words.filter((word) => word !== '').join(', ')}</p>
      {several && (
        <div className="button-row">
          <button
            type="button"
            className="button"
            disabled={busy || pageNumber === 1}
            onClick={() => {
              trail.goBack();
            }}
          >
            Previous page
          </button>
          <button
            type="button"
            className="button"
            disabled={busy || nextCursor === null}
            onClick={() => {
              if (nextCursor !== null) trail.goOn(nextCursor);
            }}
          >
            Next page
          </button>
        </div>
      )}
    </nav>
  );
}
