import type { CordonControl } from '../asked.ts';
import { processesHoldTheirOwn } from '../checks/installation.ts';

export const ch10_13: CordonControl = {
  id: 'CH-10.13',
  title: 'Each process is given its own credentials alone',
  priority: 'P1',
  threat: 'One process that is taken over is all of them.',
  owner: 'security engineering',
  references: { asvs: ['13.2.2', '13.3.2'], hipaa: ['§164.308(a)(4)'], ukGdpr: ['32'] },
  next: 'npm start, then npx cordon check --only CH-10.13',
  check: processesHoldTheirOwn,
};
