import { z } from 'zod';
import { freeText, pence, registerRecordRoutes, type RecordKind } from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';

/** What a patient owes or has paid. Never how: card numbers do not enter. */
const billingRecords: RecordKind = {
  segment: 'billing-records',
  resourceType: 'BillingRecord',
  words: { one: 'a billing record', many: 'billing records' },
  dataClass: 'billingRecord',
  table: 'clinical.billing_records',
  versions: 'clinical.billing_record_versions',
  createdColumn: 'created_at',
  order: { column: 'created_at', first: 'newest' },
  plain: {
    state: { column: 'state', input: z.enum(['open', 'paid', 'void']), initial: 'open' },
  },
  sealed: {
    amountPence: { column: 'amount', input: pence, number: true, listed: true },
    description: { column: 'description', input: freeText(500), optional: true, listed: true },
  },
};

export function registerBillingRecordRoutes(tools: RouteTools): void {
  registerRecordRoutes(tools, billingRecords);
}
