import { freeText, registerRecordRoutes, type RecordKind } from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';

/**
 * The clinician's own entries: appended and amended, never overwritten. Row security takes an entry from a clinician in
 * their own name alone; an administrator reads and writes none.
 */
export const clinicalRecords: RecordKind = {
  segment: 'clinical-records',
  resourceType: 'ClinicalRecord',
  words: { one: 'a clinical record', many: 'clinical records' },
  dataClass: 'clinicalRecord',
  table: 'clinical.clinical_records',
  versions: null,
  chain: { names: 'supersedes_id' },
  createdColumn: 'recorded_at',
  authorColumn: 'author_account_id',
  order: { column: 'recorded_at', first: 'newest' },
  plain: {},
  sealed: {
    problemList: { column: 'problem_list', input: freeText(4000), optional: true, listed: true },
    relevantHistory: { column: 'relevant_history', input: freeText(8000), optional: true },
    treatmentSummary: { column: 'treatment_summary', input: freeText(8000), optional: true },
  },
};

export { isAmended } from './is-amended.ts';

export function registerClinicalRecordRoutes(tools: RouteTools): void {
  registerRecordRoutes(tools, clinicalRecords);
}
