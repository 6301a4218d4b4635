import type { CordonControl } from '../asked.ts';
import { lockfileIsTight } from '../checks/supply-chain.ts';

export const ch10_3: CordonControl = {
  id: 'CH-10.3',
  title: 'Packages are pinned by digest and run no script at install',
  priority: 'P1',
  threat: 'A package that was taken over runs on our machines.',
  owner: 'security engineering',
  references: { asvs: ['15.2.4'], hipaa: ['§164.308(a)(5)(ii)(B)'], ukGdpr: ['32'] },
  next: 'npm ci --ignore-scripts --dry-run',
  check: lockfileIsTight,
};
