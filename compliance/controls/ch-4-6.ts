import { allOf } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';
import { secretsKept } from '../checks/code.ts';
import { secretFilesArePrivate } from '../checks/installation.ts';

export const ch4_6: CordonControl = {
  id: 'CH-4.6',
  title: 'No secret is in the tree, in logs or in environments',
  priority: 'P1',
  threat: 'A key in a repository is everybody’s key.',
  owner: 'security engineering',
  references: { asvs: ['13.3.1', '13.3.2'], hipaa: ['§164.308(a)(5)(ii)(D)'], ukGdpr: ['32'] },
  next: 'npx cordon secrets check',
  limitSeconds: 600,
  check: async (asked) => allOf([await secretsKept(asked), await secretFilesArePrivate(asked)]),
};
