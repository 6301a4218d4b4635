import type { Transaction } from '@cordon/row-security';
import type { AuditReceipt } from '../audit/receipt.ts';
import { EngineError } from '../error.ts';
import { wipeKeys, type PatientKey } from '../keys/patient-keys.ts';
import type { EngineContext } from './engine-context.ts';

interface Target {
  readonly tenantId: string;
  readonly patientId: string;
}

/**
 * A write about a patient by the engine itself, in the tenant's system context, after the access decision was made for a caller. The
 * receipt of that caller's audit entry releases the key.
 * @throws EngineError `record-destroyed`, `keys-unavailable`; what `work` throws
 */
export function sealAsJob<Result>(
  engine: EngineContext,
  target: Target,
  receipt: AuditReceipt,
  work: (transaction: Transaction, key: PatientKey) => Promise<Result>,
): Promise<Result> {
  return withKey(engine, target, receipt, (key) =>
    engine.stores.withTenantJob(target.tenantId, (transaction) => work(transaction, key)),
  );
}

/** As above, for a single statement, which is a transaction of its own. */
export function sealAtOnce<Result>(
  engine: EngineContext,
  target: Target,
  receipt: AuditReceipt,
  work: (statement: Transaction, key: PatientKey) => Promise<Result>,
): Promise<Result> {
  return withKey(engine, target, receipt, (key) => work(engine.stores.jobsOf(target.tenantId), key));
}

async function withKey<Result>(
  engine: EngineContext,
  { tenantId, patientId }: Target,
  receipt: AuditReceipt,
  work: (key: PatientKey) => Promise<Result>,
): Promise<Result> {
  const key = (await engine.patientKeys.load(tenantId, [patientId], receipt)).get(patientId);
  if (key === undefined) throw new EngineError('record-destroyed');
  try {
    return await work(key);
  } finally {
    wipeKeys([key]);
  }
}
