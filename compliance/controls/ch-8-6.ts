import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const ch8_6: CordonControl = {
  id: 'CH-8.6',
  title: 'A patient sees who opened the record',
  priority: 'P2',
  threat: 'Curiosity of staff stays unseen.',
  owner: 'privacy officer',
  references: { asvs: ['16.3.2'], hipaa: ['§164.528'], ukGdpr: ['15(1)(c)'] },
  next: 'npx vitest run --project integration testing/audit/reads.int.test.ts',
  limitSeconds: 1200,
  check: testsHold('integration', 'testing/audit/reads.int.test.ts'),
};
