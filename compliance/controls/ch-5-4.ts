import type { CordonControl } from '../asked.ts';
import { checkpointsLieOutside } from '../checks/installation.ts';

export const ch5_4: CordonControl = {
  id: 'CH-5.4',
  title: 'Checkpoints lie outside, with a witness',
  priority: 'P1',
  threat: 'Who holds store and signing key writes another history.',
  owner: 'operations',
  references: { asvs: ['16.4.3'], hipaa: ['§164.312(b)'], ukGdpr: ['5(2)'] },
  next: 'name CORDON_LOG_WITNESSES_FILE and CORDON_LOG_BUCKETS_FILE (docs/audit-log.md)',
  check: checkpointsLieOutside,
};
