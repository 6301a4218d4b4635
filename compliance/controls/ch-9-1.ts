import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const ch9_1: CordonControl = {
  id: 'CH-9.1',
  title: 'Security events are recorded and named',
  priority: 'P2',
  threat: 'An attack is a line among millions.',
  owner: 'security engineering',
  references: { asvs: ['16.1.1', '16.3.1', '16.3.3'], hipaa: ['§164.308(a)(1)(ii)(D)'], ukGdpr: ['32'] },
  next: 'npx vitest run --project unit testing/documents.test.ts',
  limitSeconds: 1200,
  check: testsHold('unit', 'testing/documents.test.ts'),
};
