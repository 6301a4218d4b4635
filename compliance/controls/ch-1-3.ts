import type { CordonControl } from '../asked.ts';
import { foreignRequestsRefused } from '../checks/http.ts';

export const ch1_3: CordonControl = {
  id: 'CH-1.3',
  title: 'What another site sends changes nothing',
  priority: 'P1',
  threat: 'A page that a clinician visits acts in the clinic in their name.',
  owner: 'identity team',
  references: { asvs: ['3.5.1', '3.5.3'], hipaa: ['§164.312(a)(1)'], ukGdpr: ['32'] },
  next: 'npm start, then npx cordon check --only CH-1.3',
  check: foreignRequestsRefused,
};
