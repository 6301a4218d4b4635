import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const ch4_7: CordonControl = {
  id: 'CH-4.7',
  title: 'Patients’ keys rotate and end, and an end is final',
  priority: 'P1',
  threat: 'An erased record opens again with an old key.',
  owner: 'security engineering',
  references: { asvs: ['11.1.1', '11.2.2', '14.2.7'], hipaa: ['§164.310(d)(2)(i)'], ukGdpr: ['17', '32'] },
  next: 'npx vitest run --project integration testing/engine/keys-rotated.int.test.ts testing/engine/keys-destroyed.int.test.ts',
  limitSeconds: 1200,
  check: testsHold(
    'integration',
    'testing/engine/keys-rotated.int.test.ts',
    'testing/engine/keys-destroyed.int.test.ts',
  ),
};
