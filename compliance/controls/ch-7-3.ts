import type { CordonControl } from '../asked.ts';
import { holdsAreGuarded } from '../checks/catalog.ts';

export const ch7_3: CordonControl = {
  id: 'CH-7.3',
  title: 'A legal hold stops every deletion',
  priority: 'P2',
  threat: 'Evidence is destroyed by a timer.',
  owner: 'privacy officer',
  references: { asvs: ['14.2.7'], hipaa: ['§164.316(b)(2)(i)'], ukGdpr: ['17(3)(e)', '18(1)(c)'] },
  next: 'npm start, then npx cordon check --only CH-7.3',
  check: holdsAreGuarded,
};
