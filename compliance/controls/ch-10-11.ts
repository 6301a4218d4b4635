import type { CordonControl } from '../asked.ts';
import { containersAreTight } from '../checks/repository.ts';

export const ch10_11: CordonControl = {
  id: 'CH-10.11',
  title: 'Containers are tight, and their images scanned',
  priority: 'P1',
  threat: 'An old base image brings old weaknesses.',
  owner: 'operations',
  references: { asvs: ['13.2.2', '15.2.3', '15.2.4'], hipaa: ['§164.308(a)(5)(ii)(B)'], ukGdpr: ['32'] },
  next: 'npx cordon check --only CH-10.11',
  check: containersAreTight,
};
