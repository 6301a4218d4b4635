import type { CordonControl } from '../asked.ts';
import { pagesAreGuarded } from '../checks/http.ts';

export const sec010: CordonControl = {
  id: 'SEC-010',
  title: 'Browsers are told the strictest policy on every answer',
  priority: 'P1',
  threat: 'A script of somebody else reads what a clinician sees.',
  owner: 'security engineering',
  references: {
    asvs: ['3.4.1', '3.4.3', '3.4.4', '3.4.5', '3.4.6', '3.4.8', '16.5.1'],
    hipaa: ['§164.312(e)(1)'],
    ukGdpr: ['32'],
  },
  next: 'npm start, then npx cordon gate --to development --only SEC-010',
  check: pagesAreGuarded,
};
