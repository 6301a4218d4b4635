import { QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { requestJson } from './client.ts';
import { RequestError } from './request-error.ts';
import type { Me, OwnRecord } from './types.ts';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => requestJson<Me>('GET', '/api/v1/me', signal),
});

export const recordQuery = queryOptions({
  queryKey: ['record'],
  queryFn: ({ signal }) => requestJson<OwnRecord>('GET', '/api/v1/me/record', signal),
});

interface SessionHooks {
  readonly onActivity: () => void;
  readonly onEnded: () => void;
}

/** Every read of a record is an audit entry, so nothing is fetched again behind the person's back. */
export function createQueryClient(session: SessionHooks): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onSuccess: session.onActivity,
      onError: (error) => {
        if (error instanceof RequestError && error.code === 'session-ended') session.onEnded();
      },
    }),
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: Infinity,
        refetchOnReconnect: false,
        retry: (failures, error) =>
          failures < 1 && error instanceof RequestError && error.code === 'unreachable',
        retryDelay: 800,
      },
    },
  });
}
