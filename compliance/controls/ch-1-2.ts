import type { CordonControl } from '../asked.ts';
import { cookiesAreGuarded } from '../checks/http.ts';

export const ch1_2: CordonControl = {
  id: 'CH-1.2',
  title: 'Session cookies are bound, closed to scripts and never sent in the clear',
  priority: 'P1',
  threat: 'A script or a neighbour takes the session.',
  owner: 'identity team',
  references: { asvs: ['3.3.1', '3.3.2', '3.3.3', '3.3.4'], hipaa: ['§164.312(e)(1)'], ukGdpr: ['32'] },
  next: 'npm start, then npx cordon check --only CH-1.2',
  check: cookiesAreGuarded,
};
