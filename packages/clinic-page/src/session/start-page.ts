import type { QueryClient } from '@tanstack/react-query';
import { createQueryClient } from '../requests/query-client.ts';
import { createSessionStore, type SessionStore } from './session-store.ts';

/** What a page keeps in memory: its session and what it has asked for. Records leave it with the session. */
export function startPage(options: { readonly staleTime: number }): {
  readonly session: SessionStore;
  readonly queries: QueryClient;
} {
  const session = createSessionStore();
  const queries = createQueryClient({ ...options, onActivity: session.touch, onEnded: session.end });
  session.subscribe(() => {
    if (session.current().phase === 'ended') queries.clear();
  });
  return { session, queries };
}
