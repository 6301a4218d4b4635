import type { CordonControl } from '../asked.ts';
import { containersAreTight } from '../checks/containers.ts';

export const ch10_11: CordonControl = {
  id: 'CH-10.11',
  title: 'Container files are tight',
  priority: 'P1',
  threat: 'A process that is taken over is root in its container, with tools that it never needed.',
  owner: 'operations',
  references: {
    asvs: ['13.2.2', '15.2.3', '15.2.4'],
    hipaa: ['§164.308(a)(5)(ii)(B)'],
    ukGdpr: ['32'],
  },
  next: 'mend deploy/containers/Dockerfile, then npx cordon check --only CH-10.11',
  check: containersAreTight,
};
