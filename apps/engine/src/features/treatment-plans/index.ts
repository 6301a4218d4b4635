import { z } from 'zod';
import { freeText, lineOfText, pence, registerRecordRoutes, type RecordKind } from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';

/** What is planned for a patient, step by step, with what each step costs. */
export const treatmentPlans: RecordKind = {
  segment: 'treatment-plans',
  resourceType: 'TreatmentPlan',
  words: { one: 'a treatment plan', many: 'treatment plans' },
  dataClass: 'treatmentPlan',
  table: 'clinical.treatment_plans',
  versions: 'clinical.treatment_plan_versions',
  createdColumn: 'created_at',
  authorColumn: 'author_account_id',
  order: { column: 'created_at', first: 'newest' },
  plain: {
    state: {
      column: 'state',
      input: z.enum(['draft', 'proposed', 'accepted', 'completed', 'withdrawn']),
      initial: 'draft',
    },
  },
  sealed: {
    title: { column: 'title', input: lineOfText(200), listed: true },
    totalVisits: { column: 'total_visits', input: z.number().int().min(1).max(1000), number: true, optional: true },
    estimatedDuration: { column: 'estimated_duration', input: lineOfText(100), optional: true },
  },
  parts: {
    field: 'items',
    table: 'clinical.treatment_plan_items',
    parentColumn: 'treatment_plan_id',
    most: 100,
    plain: { state: { column: 'state', input: z.enum(['planned', 'done', 'dropped']) } },
    sealed: {
      summaryText: { column: 'summary_text', input: freeText(500) },
      costPence: { column: 'cost', input: pence, number: true, optional: true },
    },
    versionColumn: 'items',
  },
}; // prettier-ignore

export function registerTreatmentPlanRoutes(tools: RouteTools): void {
  registerRecordRoutes(tools, treatmentPlans);
}
