import { useSyncExternalStore } from 'react';

/** What the page remembers with an entry of the browser's history: ids and cursors only, never what a record says. */
export interface EntryState {
  readonly scope: string;
  readonly cursors: readonly string[];
}

const MOVED = 'cordon:moved';

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(MOVED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(MOVED, listener);
  };
}

function tellMoved(): void {
  window.dispatchEvent(new Event(MOVED));
}

let moves = 0;

/** How often this page has moved since it was loaded: the first page leaves focus where the browser put it. */
export function countMoves(): number {
  return moves;
}

if (typeof window !== 'undefined')
  window.addEventListener('popstate', () => {
    moves += 1;
  });

export function navigate(path: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') {
    moves += 1;
    window.history.pushState(null, '', path);
    window.scrollTo(0, 0);
  } else window.history.replaceState(null, '', path);
  tellMoved();
}

export function rememberInEntry(state: EntryState): void {
  window.history.replaceState(state, '');
  tellMoved();
}

export function usePathname(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => window.location.search);
}

/** The history entry's state as it was stored; its shape is the reader's to check. */
export function useEntryState(): unknown {
  return useSyncExternalStore(subscribe, () => window.history.state as unknown);
}
