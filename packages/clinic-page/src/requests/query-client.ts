import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { RequestError } from './request-error.ts';

interface QueryClientOptions {
  readonly onActivity: () => void;
  /** The server says that there is no session, or that it is locked. */
  readonly onRefused: () => void;
  /** Milliseconds for which an answer is shown again without asking. */
  readonly staleTime: number;
}

/**
 * Every read of a record is an audit entry, so nothing is fetched again behind the person's back: no refetch on focus or
 * reconnect, no retry but one after a lost connection.
 */
export function createQueryClient(session: QueryClientOptions): QueryClient {
  const onError = (error: unknown): void => {
    if (error instanceof RequestError && (error.code === 'session-ended' || error.code === 'locked'))
      session.onRefused();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError, onSuccess: session.onActivity }),
    mutationCache: new MutationCache({ onError, onSuccess: session.onActivity }),
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: session.staleTime,
        gcTime: 120_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (failures, error) =>
          failures < 1 && error instanceof RequestError && error.code === 'unreachable',
        retryDelay: 800,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
