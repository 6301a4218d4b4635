import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const ch5_3: CordonControl = {
  id: 'CH-5.3',
  title: 'Nothing is disclosed before its entry is durable',
  priority: 'P1',
  threat: 'A record was read and nobody knows.',
  owner: 'engine team',
  references: { asvs: ['16.3.2', '16.5.3'], hipaa: ['§164.312(b)', '§164.528'], ukGdpr: ['5(2)', '32'] },
  next: 'npx vitest run --project integration testing/engine/audit-away.int.test.ts',
  limitSeconds: 1200,
  check: testsHold('integration', 'testing/engine/audit-away.int.test.ts'),
};
