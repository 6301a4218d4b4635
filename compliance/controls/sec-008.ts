import type { CordonControl } from '../asked.ts';
import { dependenciesScanned } from '../checks/supply-chain.ts';

export const sec008: CordonControl = {
  id: 'SEC-008',
  title: 'Dependencies are scanned, and a scanner that fails counts as no scan',
  priority: 'P1',
  threat: 'A known weakness of a library is in production because the scanner answered with an error.',
  owner: 'security engineering',
  references: {
    asvs: ['15.1.1', '15.2.1'],
    hipaa: ['§164.308(a)(1)(ii)(A)', '§164.308(a)(1)(ii)(B)'],
    ukGdpr: ['32(1)(d)'],
  },
  next: 'npm audit',
  check: dependenciesScanned,
};
