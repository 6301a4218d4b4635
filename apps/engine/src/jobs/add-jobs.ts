import type { Transaction } from '@cordon/row-security';
import type { TaskName } from './task.ts';

export interface JobSpec {
  readonly identifier: TaskName;
  readonly payload: { readonly tenantId: string; readonly resourceId?: string | undefined };
  readonly run_at: Date | null;
  /** A job that waits under this name already takes the new one's place and time. */
  readonly job_key: string | null;
}

/** Puts jobs into the queue, in the caller's transaction. */
export async function addJobs(transaction: Transaction, specs: readonly JobSpec[]): Promise<void> {
  await transaction.query(
    `SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
       SELECT (s.identifier, s.payload, NULL, s.run_at, NULL, s.job_key, NULL, NULL)::graphile_worker.job_spec
       FROM json_to_recordset($1::json) AS s (identifier text, payload json, run_at timestamptz, job_key text)))`,
    [JSON.stringify(specs)],
  );
}
