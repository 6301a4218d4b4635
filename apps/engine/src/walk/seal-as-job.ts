import type { Transaction } from '@cordon/row-security';
import type { AuditReceipt } from '../audit/receipt.ts';
import { EngineError } from '../error.ts';
import { wipeKeys, type PatientKey } from '../keys/patient-keys.ts';
import type { EngineContext } from './engine-context.ts';

/**
 * What the house writes about a patient on its own account, in the tenant's own context, after it was decided for somebody. The
 * receipt of their audit entry releases the key.
 * @throws EngineError `record-destroyed`, `keys-unavailable`; what `work` throws
 */
export async function sealAsJob<Result>(
  engine: EngineContext,
  target: { readonly tenantId: string; readonly patientId: string },
  receipt: AuditReceipt,
  work: (transaction: Transaction, key: PatientKey) => Promise<Result>,
): Promise<Result> {
  const keys = await engine.patientKeys.load(target.tenantId, [target.patientId], receipt);
  const key = keys.get(target.patientId);
  if (key === undefined) throw new EngineError('record-destroyed');
  try {
    return await engine.stores.withTenantJob(target.tenantId, (transaction) => work(transaction, key));
  } finally {
    wipeKeys([key]);
  }
}
