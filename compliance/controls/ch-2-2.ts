import type { CordonControl } from '../asked.ts';
import { rolesAreHeld } from '../checks/tokens.ts';

export const ch2_2: CordonControl = {
  id: 'CH-2.2',
  title: 'Roles are held by the engine, to good tokens',
  priority: 'P1',
  threat: 'A receptionist reads the audit log, a contractor the patients.',
  owner: 'engine team',
  references: { asvs: ['8.2.1', '8.3.1'], hipaa: ['§164.308(a)(4)', '§164.312(a)(1)'], ukGdpr: ['25', '32'] },
  next: 'npm start, then npx cordon check --only CH-2.2',
  check: rolesAreHeld,
};
