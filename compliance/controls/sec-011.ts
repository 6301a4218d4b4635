import type { CordonControl } from '../asked.ts';
import { penetrationTested } from '../checks/registers.ts';

export const sec011: CordonControl = {
  id: 'SEC-011',
  title: 'An outside firm has tested API, isolation and OCR, and nothing critical is open',
  priority: 'P1',
  threat: 'What we do not see ourselves is found by somebody who means harm.',
  owner: 'compliance officer',
  references: { asvs: [], hipaa: ['§164.308(a)(8)'], ukGdpr: ['32(1)(d)'] },
  next: 'commission the test and enter it in compliance/penetration-tests.md',
  lifeHours: 1,
  check: penetrationTested,
};
