/** What jobs are called. A job carries its tenant's id and at most one record's; never content. */
export const taskNames = [
  'carry-outcomes',
  'carry-lead-outcomes',
  'escalate-alert',
  'notify-alert',
  'notify-break-glass',
  'make-thumbnail',
  'sweep-objects',
  'sweep-served',
  'sweep-transcripts',
  'settle-intents',
] as const;
export type TaskName = (typeof taskNames)[number];

export interface JobTarget {
  readonly tenantId: string;
  /** The record that the job is about; absent where it is about all that waits for the tenant. */
  readonly resourceId?: string | undefined;
}

/**
 * Runs at least once: a process that dies in the middle leaves the job to the next one, so a task that finds its work
 * done does nothing. What it throws is told to the queue by its code alone.
 */
export type Task = (target: JobTarget) => Promise<void>;
export type TaskList = Readonly<Record<TaskName, Task>>;
