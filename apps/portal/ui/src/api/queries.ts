import { downloadFile, getJson, withQuery } from '@cordon/clinic-page';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AccessPage, Me, OwnRecord } from './types.ts';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getJson<Me>('/api/v1/me', { signal }),
});

export const recordQuery = queryOptions({
  queryKey: ['record'],
  queryFn: ({ signal }) => getJson<OwnRecord>('/api/v1/me/record', { signal }),
});

export const accessQuery = infiniteQueryOptions({
  queryKey: ['access'],
  queryFn: ({ signal, pageParam }) =>
    getJson<AccessPage>(withQuery('/api/v1/me/access-report', { cursor: pageParam, limit: '25' }), {
      signal,
    }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ nextCursor }) => nextCursor,
});

/** Saves the proof that the entry stands in the log; it can be checked without us. Throws RequestError. */
export function downloadProof(entryId: string): Promise<void> {
  const path = `/api/v1/me/access-report/${encodeURIComponent(entryId)}/proof`;
  return downloadFile(path, `${entryId}.tlog-proof`);
}
