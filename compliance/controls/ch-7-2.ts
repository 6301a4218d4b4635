import { notBuilt } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';

export const ch7_2: CordonControl = {
  id: 'CH-7.2',
  title: 'What is past its time is deleted or made anonymous by a job',
  priority: 'P2',
  threat: 'Old records are stolen that should not exist.',
  owner: 'privacy officer',
  references: { asvs: ['14.2.7'], hipaa: ['§164.310(d)(2)(i)'], ukGdpr: ['5(1)(e)', '17'] },
  next: 'build the job: a task in apps/engine/src/jobs that walks config/champagne-retention-and-access.json and deletes or anonymises what is past its time',
  check: notBuilt('the jobs that delete or anonymise what is past its retention'),
};
