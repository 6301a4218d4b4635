import type { CordonControl } from '../asked.ts';
import { changesReviewed } from '../checks/repository.ts';

export const ch10_8: CordonControl = {
  id: 'CH-10.8',
  title: 'Changes to sensitive paths were reviewed by somebody else',
  priority: 'P1',
  threat: 'One person alone can change what protects everybody.',
  owner: 'security engineering',
  references: { asvs: [], hipaa: ['§164.308(a)(3)(ii)(A)'], ukGdpr: ['32'] },
  next: 'merge by pull request with a trailer "Reviewed-by: Name <address>" of somebody who is not the author',
  check: changesReviewed,
};
