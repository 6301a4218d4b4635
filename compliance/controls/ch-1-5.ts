import type { CordonControl } from '../asked.ts';
import { deployedProvidersAgree } from '../checks/tokens.ts';

export const ch1_5: CordonControl = {
  id: 'CH-1.5',
  title: 'External providers are told the same lifetimes and rotation',
  priority: 'P1',
  threat: 'Auth0 or Keycloak in production is looser than what was tested.',
  owner: 'identity team',
  references: { asvs: ['10.4.5', '10.4.8'], hipaa: ['§164.312(d)'], ukGdpr: ['32'] },
  next: 'mend deploy/identity, then npx cordon check --only CH-1.5',
  check: deployedProvidersAgree,
};
