import type { CordonControl } from '../asked.ts';
import { serverKeepsQuiet } from '../checks/catalog.ts';

export const ch4_5: CordonControl = {
  id: 'CH-4.5',
  title: 'The database server speaks TLS and writes no value to its log',
  priority: 'P1',
  threat: 'Names and keys stand in the server’s log.',
  owner: 'operations',
  references: { asvs: ['12.3.1', '16.2.5'], hipaa: ['§164.312(e)(1)'], ukGdpr: ['32'] },
  next: 'npm start, then npx cordon check --only CH-4.5 (packages/stores/src/embedded/server-settings.ts holds the settings)',
  check: serverKeepsQuiet,
};
