import { getJson, patchJson } from '@cordon/clinic-page';
import { queryOptions } from '@tanstack/react-query';

/** What a clinic has chosen for itself, as far as it is chosen here. */
export interface ClinicSettings {
  /** As the clinic writes it; null where it wrote none. */
  readonly telephone: string | null;
}

const path = (clinicId: string): string => `/api/v1/clinics/${encodeURIComponent(clinicId)}/settings`;

export function settingsQuery(clinicId: string) {
  return queryOptions({
    queryKey: ['clinic-settings', clinicId],
    queryFn: ({ signal }) => getJson<ClinicSettings>(path(clinicId), { signal }),
    staleTime: 0,
  });
}

/** Changes what is named. Answers the settings as they then are. Throws RequestError. */
export function changeSettings(clinicId: string, change: Partial<ClinicSettings>): Promise<ClinicSettings> {
  return patchJson(path(clinicId), change);
}
