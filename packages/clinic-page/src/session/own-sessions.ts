import { queryOptions } from '@tanstack/react-query';
import { getJson, postJson } from '../requests/requests.ts';

/** One browser in which the person is signed in here. */
export interface OwnSession {
  readonly id: string;
  /** This very browser. */
  readonly current: boolean;
  /** "Firefox on Windows"; null where it could not be told. */
  readonly browser: string | null;
  readonly locked: boolean;
  readonly createdAt: string;
  readonly lastSeenAt: string;
}

export const ownSessionsQuery = queryOptions({
  queryKey: ['own-sessions'],
  queryFn: async ({ signal }) =>
    (await getJson<{ sessions: readonly OwnSession[] }>('/auth/sessions', { signal })).sessions,
  staleTime: 0,
});

/** Ends one session, or with null all of them, this one included; throws RequestError. */
export async function endOwnSessions(id: string | null): Promise<void> {
  await postJson('/auth/sessions/end', id === null ? {} : { id });
}
