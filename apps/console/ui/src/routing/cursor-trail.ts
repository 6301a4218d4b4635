import { type EntryState, rememberInEntry, useEntryState } from './router.ts';

/** Reads what {@link useCursorTrail} stored; anything else, or another list's trail, is an empty trail. */
export function readTrail(stored: unknown, scope: string): readonly string[] {
  if (typeof stored !== 'object' || stored === null) return [];
  const { scope: storedScope, cursors } = stored as Partial<Record<keyof EntryState, unknown>>;
  if (storedScope !== scope || !Array.isArray(cursors)) return [];
  return cursors.every((cursor) => typeof cursor === 'string') ? cursors : [];
}

export interface CursorTrail {
  /** Null on the first page. */
  readonly cursor: string | null;
  /** Counted from 1. */
  readonly pageNumber: number;
  readonly goOn: (nextCursor: string) => void;
  readonly goBack: () => void;
}

/**
 * Keyset pages have no numbers to jump to, so the way back is the trail of cursors. It lives in the history entry: coming back from
 * a record shows the page one left.
 */
export function useCursorTrail(scope: string): CursorTrail {
  const cursors = readTrail(useEntryState(), scope);
  const keep = (next: readonly string[]): void => {
    rememberInEntry({ scope, cursors: next });
    window.scrollTo(0, 0);
  };
  return {
    cursor: cursors.at(-1) ?? null,
    pageNumber: cursors.length + 1,
    goOn: (nextCursor) => {
      keep([...cursors, nextCursor]);
    },
    goBack: () => {
      keep(cursors.slice(0, -1));
    },
  };
}
