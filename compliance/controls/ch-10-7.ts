import type { CordonControl } from '../asked.ts';
import { sensitivePathsOwned } from '../checks/repository.ts';

export const ch10_7: CordonControl = {
  id: 'CH-10.7',
  title: 'Sensitive paths have owners',
  priority: 'P1',
  threat: 'A policy changes and nobody who understands it saw it.',
  owner: 'security engineering',
  references: { asvs: ['15.1.5'], hipaa: ['§164.308(a)(2)'], ukGdpr: ['24', '32'] },
  next: 'add the path to CODEOWNERS, then npx cordon check --only CH-10.7',
  check: sensitivePathsOwned,
};
