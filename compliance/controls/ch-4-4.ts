import type { CordonControl } from '../asked.ts';
import { encryptedAtRest } from '../checks/installation.ts';

export const ch4_4: CordonControl = {
  id: 'CH-4.4',
  title: 'The volume under the data is encrypted',
  priority: 'P1',
  threat: 'A disk that is thrown away is read by the next one.',
  owner: 'operations',
  references: { asvs: ['14.2.4'], hipaa: ['§164.310(d)(2)(i)', '§164.312(a)(2)(iv)'], ukGdpr: ['32(1)(a)'] },
  next: 'npx cordon encryption at-rest FOLDER',
  check: encryptedAtRest,
};
