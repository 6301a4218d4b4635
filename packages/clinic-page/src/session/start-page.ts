import type { QueryClient } from '@tanstack/react-query';
import { createQueryClient } from '../requests/query-client.ts';
import { createSessionStore, type SessionStore } from './session-store.ts';

/**
 * What a page keeps in memory: its session and what it has asked for. Records leave it with the session; while it is locked, or past
 * its full length, they stay out of sight for the person whose work they are.
 */
export function startPage(options: { readonly staleTime: number; readonly locks: boolean }): {
  readonly session: SessionStore;
  readonly queries: QueryClient;
} {
  const session = createSessionStore({
    locks: options.locks,
    onStranger: () => {
      window.location.reload();
    },
  });
  const queries = createQueryClient({
    staleTime: options.staleTime,
    onActivity: session.touch,
    onRefused: () => void session.check(),
  });
  session.subscribe(() => {
    const state = session.current();
    if (state.phase === 'ended' && state.kept === null) queries.clear();
  });
  return { session, queries };
}
