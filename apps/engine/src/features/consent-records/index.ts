import { z } from 'zod';
import { freeText, registerRecordRoutes, type RecordKind } from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';

/** Decisions about consent, each a row of its own: to change one's mind is a new decision of the same kind. */
const consentRecords: RecordKind = {
  segment: 'consent-records',
  resourceType: 'ConsentRecord',
  words: { one: 'a decision about consent', many: 'decisions about consent' },
  dataClass: 'consentRecord',
  table: 'clinical.consent_records',
  versions: null,
  chain: { shares: 'consent_kind' },
  createdColumn: 'recorded_at',
  order: { column: 'recorded_at', first: 'newest' },
  plain: {
    consentKind: { column: 'consent_kind', input: z.string().regex(/^[a-z-]{2,40}$/) },
    wordingVersion: { column: 'wording_version', input: z.number().int().min(1).max(1_000_000) },
    state: { column: 'state', input: z.enum(['given', 'refused', 'withdrawn']) },
  },
  sealed: { note: { column: 'note', input: freeText(1000), optional: true, listed: true } },
};

export function registerConsentRecordRoutes(tools: RouteTools): void {
  registerRecordRoutes(tools, consentRecords);
}
