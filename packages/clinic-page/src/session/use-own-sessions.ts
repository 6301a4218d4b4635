import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { endOwnSessions, ownSessionsQuery } from './own-sessions.ts';
import { useSessionStore } from './session-context.ts';

/** The person's sessions, and the way to end one (its id) or all (null). Ending this browser's own hides the page at once. */
export function useOwnSessions() {
  const queries = useQueryClient();
  const store = useSessionStore();
  const list = useQuery(ownSessionsQuery);
  const end = useMutation({
    mutationFn: endOwnSessions,
    onSettled: async (_result, _error, id) => {
      if (id === null) await store.check();
      else await queries.invalidateQueries({ queryKey: ownSessionsQuery.queryKey });
    },
  });
  return { list, end };
}
