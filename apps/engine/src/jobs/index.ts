export { addJobs, type JobSpec } from './add-jobs.ts';
export { leaveJob } from './leave-job.ts';
export { runJobs, type JobRunner } from './run-jobs.ts';
export type { JobTarget, Task, TaskList, TaskName } from './task.ts';
