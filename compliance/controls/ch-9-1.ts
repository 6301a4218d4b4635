import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const ch9_1: CordonControl = {
  id: 'CH-9.1',
  title: 'Security events are recorded and named',
  priority: 'P2',
  threat: 'An attack is a line among millions.',
  owner: 'security engineering',
  references: { asvs: ['16.1.1', '16.3.1', '16.3.2'], hipaa: ['§164.308(a)(1)(ii)(D)'], ukGdpr: ['33'] },
  next: 'see docs/audit-events.md',
  limitSeconds: 240,
  check: testsHold('unit', 'testing/documents.test.ts'),
};
