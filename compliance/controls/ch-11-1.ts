import { notBuilt } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';

export const ch11_1: CordonControl = {
  id: 'CH-11.1',
  title: 'Backups are made, encrypted, and restored for practice',
  priority: 'P2',
  threat: 'The first restore is tried on the worst day.',
  owner: 'operations',
  references: {
    asvs: ['14.2.4'],
    hipaa: ['§164.308(a)(7)(ii)(A)', '§164.308(a)(7)(ii)(D)'],
    ukGdpr: ['32(1)(c)'],
  },
  next: 'build npx cordon backup with a practice of restoring, and replace the check in compliance/controls/ch-11-1.ts',
  check: notBuilt('backups and the practice of restoring them'),
};
