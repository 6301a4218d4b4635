import { getJson, patchJson, withQuery } from '@cordon/clinic-page';
import { queryOptions } from '@tanstack/react-query';
import { isSameList, PAGE_SIZE } from '../api/queries.ts';
import type { Page } from '../api/types.ts';

/** Somebody who asks to be contacted; no patient, and kept apart from patients. */
export interface Enquiry {
  readonly id: string;
  readonly clinicId: string | null;
  readonly state: string;
  readonly version: number;
  readonly consentToContact: boolean;
  readonly createdAt: string;
  /** Null where it was erased or is damaged. */
  readonly fullName: string | null;
  readonly contact: string | null;
  readonly message: string | null;
}

export function enquiriesQuery(clinicId: string | null, cursor: string | null) {
  return queryOptions({
    queryKey: ['enquiries', clinicId, cursor],
    queryFn: ({ signal }) =>
      getJson<Page<Enquiry>>(withQuery('/api/v1/leads', { clinicId, cursor, limit: String(PAGE_SIZE) }), {
        signal,
      }),
    placeholderData: (data, before) => (isSameList(before, clinicId) ? data : undefined),
    // Visitors leave them at any time, and nobody is told here.
    refetchInterval: 60_000,
    staleTime: 0,
  });
}

/** Throws RequestError; refused where somebody changed it since it was read. */
export function changeEnquiry({ id, version }: Enquiry, state: string): Promise<unknown> {
  return patchJson(`/api/v1/leads/${encodeURIComponent(id)}`, { state }, { ifMatch: `"${id}.${version}"` });
}
