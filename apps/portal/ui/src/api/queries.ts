import { getJson } from '@cordon/clinic-page';
import { queryOptions } from '@tanstack/react-query';
import type { Me, OwnRecord } from './types.ts';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getJson<Me>('/api/v1/me', { signal }),
});

export const recordQuery = queryOptions({
  queryKey: ['record'],
  queryFn: ({ signal }) => getJson<OwnRecord>('/api/v1/me/record', { signal }),
});
