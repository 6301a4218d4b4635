import type { CordonControl } from '../asked.ts';
import { gatewayConfigurationHolds } from '../checks/ai.ts';

export const ch6_3: CordonControl = {
  id: 'CH-6.3',
  title: 'A wrong configuration stops every call',
  priority: 'P1',
  threat: 'A missing rule is read as no rule.',
  owner: 'engine team',
  references: { asvs: ['16.5.3'], hipaa: ['§164.308(a)(1)(ii)(B)'], ukGdpr: ['25'] },
  next: 'npx cordon ai explain --help',
  check: gatewayConfigurationHolds,
};
