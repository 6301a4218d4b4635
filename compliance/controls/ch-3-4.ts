import type { CordonControl } from '../asked.ts';
import { loginRolesArePlain } from '../checks/catalog.ts';

export const ch3_4: CordonControl = {
  id: 'CH-3.4',
  title: 'Login roles hold no power of the server',
  priority: 'P1',
  threat: 'One password bypasses every policy.',
  owner: 'security engineering',
  references: { asvs: ['13.2.2'], hipaa: ['§164.308(a)(4)'], ukGdpr: ['32'] },
  next: 'npx cordon rls prove',
  check: loginRolesArePlain,
};
