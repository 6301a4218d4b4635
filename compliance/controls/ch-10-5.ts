import type { CordonControl } from '../asked.ts';
import { licencesAllowed } from '../checks/supply-chain.ts';

export const ch10_5: CordonControl = {
  id: 'CH-10.5',
  title: 'Licences are ones that the policy takes',
  priority: 'P1',
  threat: 'A licence asks for what the clinic group cannot give.',
  owner: 'compliance officer',
  references: { asvs: ['15.1.2'], hipaa: [], ukGdpr: [] },
  next: 'take the package out, or enter its licence with the reason in compliance/licences.ts',
  check: licencesAllowed,
};
