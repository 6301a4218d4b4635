import { randomUUID } from 'node:crypto';
import type { Transaction } from '@cordon/row-security';
import type { TaskName } from './task.ts';

/**
 * Leaves work behind, in the transaction that makes it necessary: both are there, or neither. Row security decides whether
 * the caller may, like for any other row.
 */
export async function leaveJob(
  transaction: Transaction,
  job: { tenantId: string; task: TaskName; resourceId: string; runAt?: Date | undefined },
): Promise<void> {
  await transaction.query(
    `INSERT INTO clinical.outbox (tenant_id, id, topic, task, resource_id, run_at)
     VALUES ($1, $2, 'job.' || $3, $3, $4, $5)`,
    [job.tenantId, randomUUID(), job.task, job.resourceId, job.runAt ?? null],
  );
}
