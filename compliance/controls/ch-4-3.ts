import type { CordonControl } from '../asked.ts';
import { rootKeyKept } from '../checks/installation.ts';

export const ch4_3: CordonControl = {
  id: 'CH-4.3',
  title: 'The root key lies where nobody can copy it',
  priority: 'P1',
  threat: 'Who copies a file decrypts every clinic.',
  owner: 'security engineering',
  references: { asvs: ['11.1.1', '13.3.1', '13.3.3'], hipaa: ['§164.312(a)(2)(iv)'], ukGdpr: ['32(1)(a)'] },
  next: 'docs/encryption.md says how a key management is named',
  check: rootKeyKept,
};
