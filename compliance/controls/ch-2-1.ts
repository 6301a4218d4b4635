import type { CordonControl } from '../asked.ts';
import { everyRouteAsksForAToken } from '../checks/http.ts';

export const ch2_1: CordonControl = {
  id: 'CH-2.1',
  title: 'Every route refuses a caller without a token, and one with a forged one',
  priority: 'P1',
  threat: 'A forgotten route gives records to anybody.',
  owner: 'engine team',
  references: { asvs: ['8.2.1', '9.1.1', '9.1.2'], hipaa: ['§164.312(a)(1)', '§164.312(d)'], ukGdpr: ['32'] },
  next: 'npm start, then npx cordon check --only CH-2.1',
  check: everyRouteAsksForAToken,
};
