import { deleteJson, getJson, postJson, withQuery } from '@cordon/clinic-page';
import { queryOptions } from '@tanstack/react-query';
import type { ClinicFigures, ClinicSwitch, Emergency, EmergencyToReview, Page } from './types.ts';

/** Opens records in an emergency: one that is named, or those of an NHS number. Asks for a fresh factor. Throws RequestError. */
export async function breakGlass(
  whose: { readonly patientId: string } | { readonly nhsNumber: string },
  reason: string,
): Promise<readonly Emergency[]> {
  if ('patientId' in whose)
    return [await postJson<Emergency>('/api/v1/break-glass-grants', { ...whose, reason })];
  const { items } = await postJson<{ items: readonly Emergency[] }>(
    '/api/v1/break-glass-grants/by-nhs-number',
    {
      ...whose,
      reason,
    },
  );
  return items;
}

export function emergenciesQuery(waiting: boolean, cursor: string | null) {
  return queryOptions({
    queryKey: ['emergencies', waiting, cursor],
    queryFn: ({ signal }) =>
      getJson<Page<EmergencyToReview>>(
        withQuery('/api/v1/break-glass-grants', { waiting: String(waiting), cursor }),
        { signal },
      ),
    staleTime: 0,
  });
}

/** Throws RequestError; refused where somebody has said it already, and of one's own access. */
export function reviewEmergency(id: string, review: 'justified' | 'not-justified'): Promise<unknown> {
  return postJson(`/api/v1/break-glass-grants/${encodeURIComponent(id)}/review`, { review });
}

export const figuresQuery = queryOptions({
  queryKey: ['figures'],
  queryFn: ({ signal }) =>
    getJson<{ readonly items: readonly ClinicFigures[] }>('/api/v1/figures', { signal }),
});

export const switchQuery = queryOptions({
  queryKey: ['clinic-switch'],
  queryFn: ({ signal }) => getJson<ClinicSwitch>('/api/v1/clinic-switch', { signal }),
  staleTime: 0,
});

/** Asks for a fresh factor. Throws RequestError. */
export const switchInto = (clinicId: string): Promise<ClinicSwitch> =>
  postJson('/api/v1/clinic-switch', { clinicId });
export const leaveClinic = (): Promise<ClinicSwitch> => deleteJson('/api/v1/clinic-switch');
