import { getJson, postJson, withQuery } from '@cordon/clinic-page';
import { queryOptions } from '@tanstack/react-query';

export interface TreatmentPlan {
  readonly id: string;
  readonly createdAt: string;
  readonly version: number;
  readonly state: string;
  readonly title?: string | null;
  readonly totalVisits?: number | null;
  readonly estimatedDuration?: string | null;
  /** Only where the plan was opened. */
  readonly items?: readonly { readonly summaryText: string; readonly costPence: number | null }[];
}

/** What a model, or the fixed rules of an installation without one, made of a plan. */
export interface Explanation {
  readonly text: string;
  readonly offline: boolean;
  readonly sources: readonly { readonly fields: readonly string[]; readonly version: number }[];
}

export const plansQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['treatment-plans', patientId],
    queryFn: ({ signal }) =>
      getJson<{ items: readonly TreatmentPlan[] }>(
        withQuery('/api/v1/treatment-plans', { patientId, limit: '50' }),
        { signal },
      ),
  });

export const planQuery = (id: string) =>
  queryOptions({
    queryKey: ['treatment-plan', id],
    queryFn: ({ signal }) =>
      getJson<TreatmentPlan>(`/api/v1/treatment-plans/${encodeURIComponent(id)}`, { signal }),
  });

/** Throws RequestError. */
export function explainPlan(id: string): Promise<Explanation> {
  return postJson<Explanation>('/api/v1/ai/purposes/purpose.summary.treatmentPlan', { recordId: id });
}
