import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const ch2_4: CordonControl = {
  id: 'CH-2.4',
  title: 'Emergency access is bounded, reasoned and told',
  priority: 'P1',
  threat: 'Emergency access becomes the usual access.',
  owner: 'privacy officer',
  references: { asvs: ['7.5.3', '8.2.2'], hipaa: ['§164.312(a)(2)(ii)'], ukGdpr: ['5(1)(f)', '32'] },
  next: 'npx vitest run --project integration testing/engine/exceptions.int.test.ts',
  limitSeconds: 1200,
  check: testsHold('integration', 'testing/engine/exceptions.int.test.ts'),
};
