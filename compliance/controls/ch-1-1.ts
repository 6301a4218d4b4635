import type { CordonControl } from '../asked.ts';
import { providerIsStrict } from '../checks/http.ts';

export const ch1_1: CordonControl = {
  id: 'CH-1.1',
  title: 'Sign-in is the code flow with PKCE and pushed requests',
  priority: 'P1',
  threat: 'A code or a request that was seen on the way signs somebody else in.',
  owner: 'identity team',
  references: { asvs: ['10.4.6', '10.4.13', '10.6.1'], hipaa: ['§164.312(d)'], ukGdpr: ['32'] },
  next: 'npm start, then npx cordon check --only CH-1.1',
  check: providerIsStrict,
};
