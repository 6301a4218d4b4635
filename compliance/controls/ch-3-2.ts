import type { CordonControl } from '../asked.ts';
import { isolationProven } from '../checks/stores.ts';

export const ch3_2: CordonControl = {
  id: 'CH-3.2',
  title: 'The audit log is closed between tenants',
  priority: 'P1',
  threat: 'One clinic group reads who opened records of another.',
  owner: 'security engineering',
  references: { asvs: ['8.4.1', '16.4.2'], hipaa: ['§164.312(a)(1)'], ukGdpr: ['32'] },
  next: 'npx cordon rls prove --store audit',
  limitSeconds: 1200,
  check: isolationProven('audit'),
};
