import type { CordonControl } from '../asked.ts';
import { secureCodingHeld } from '../checks/repository.ts';

export const ch10_9: CordonControl = {
  id: 'CH-10.9',
  title: 'Rules of secure code name what holds them',
  priority: 'P1',
  threat: 'A rule on a page that nothing holds is a wish.',
  owner: 'security engineering',
  references: { asvs: [], hipaa: ['§164.308(a)(5)'], ukGdpr: ['25'] },
  next: 'mend docs/secure-coding.md, then npx cordon check --only CH-10.9',
  check: secureCodingHeld,
};
