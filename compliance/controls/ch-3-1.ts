import type { CordonControl } from '../asked.ts';
import { keysCarryTenant } from '../checks/catalog.ts';

export const ch3_1: CordonControl = {
  id: 'CH-3.1',
  title: 'Keys carry the tenant',
  priority: 'P1',
  threat: 'A row of one tenant hangs on a row of another.',
  owner: 'security engineering',
  references: { asvs: ['8.4.1'], hipaa: ['§164.312(a)(1)'], ukGdpr: ['32'] },
  next: 'npx cordon rls prove --store clinical',
  check: keysCarryTenant,
};
