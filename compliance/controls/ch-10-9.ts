import type { CordonControl } from '../asked.ts';
import { secureCodingHeld } from '../checks/repository.ts';

export const ch10_9: CordonControl = {
  id: 'CH-10.9',
  title: 'Rules of secure code name what holds them',
  priority: 'P1',
  threat: 'A rule on a page that nothing holds is a wish.',
  owner: 'security engineering',
  references: { asvs: ['15.1.5'], hipaa: ['§164.308(a)(5)'], ukGdpr: ['25'] },
  next: 'see docs/secure-coding.md',
  check: secureCodingHeld,
};
