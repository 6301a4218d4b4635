import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const ch11_2: CordonControl = {
  id: 'CH-11.2',
  title: 'A restored vault does not open what was erased',
  priority: 'P2',
  threat: 'A restore undoes an erasure.',
  owner: 'security engineering',
  references: { asvs: ['11.1.1', '14.2.7'], hipaa: ['§164.308(a)(7)(ii)(B)'], ukGdpr: ['17', '32'] },
  next: 'npx vitest run --project integration testing/engine/keys-destroyed.int.test.ts',
  limitSeconds: 1200,
  check: testsHold('integration', 'testing/engine/keys-destroyed.int.test.ts'),
};
