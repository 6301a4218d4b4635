import type { CordonControl } from '../asked.ts';
import { storesRefuseOthers } from '../checks/stores.ts';

export const ch4_2: CordonControl = {
  id: 'CH-4.2',
  title: 'No process but the engine reaches the clinical store or the vault',
  priority: 'P1',
  threat: 'A portal or web server that was taken over reads patients.',
  owner: 'security engineering',
  references: { asvs: ['13.2.1', '13.2.2'], hipaa: ['§164.312(a)(1)'], ukGdpr: ['32'] },
  next: 'npm start, then npx cordon check --only CH-4.2',
  check: storesRefuseOthers,
};
