import type { CordonControl } from '../asked.ts';
import { threatsModelled } from '../checks/documents.ts';

export const ch10_12: CordonControl = {
  id: 'CH-10.12',
  title: 'Threats are modelled for every exposed component',
  priority: 'P1',
  threat: 'A threat that nobody wrote down has no control.',
  owner: 'security engineering',
  references: { asvs: [], hipaa: ['§164.308(a)(1)(ii)(A)'], ukGdpr: ['25', '32'] },
  next: 'mend compliance/threat-models, then npx cordon check --only CH-10.12',
  check: threatsModelled,
};
