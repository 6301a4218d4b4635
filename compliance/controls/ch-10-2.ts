import type { CordonControl } from '../asked.ts';
import { lintRulesBite } from '../checks/code.ts';

export const ch10_2: CordonControl = {
  id: 'CH-10.2',
  title: 'Lint rules for SQL, HTML, scripts, logs and patterns bite',
  priority: 'P1',
  threat: 'A rule that was switched off looks like a rule that finds nothing.',
  owner: 'security engineering',
  references: {
    asvs: ['1.2.4', '1.3.2', '1.3.12', '3.2.2', '15.3.5'],
    hipaa: ['§164.308(a)(1)(ii)(B)'],
    ukGdpr: ['25'],
  },
  next: 'npm run lint',
  limitSeconds: 600,
  check: lintRulesBite,
};
