import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const ch6_4: CordonControl = {
  id: 'CH-6.4',
  title: 'Every AI call leaves its intent and its outcome',
  priority: 'P1',
  threat: 'Nobody can say what was sent to whom.',
  owner: 'engine team',
  references: { asvs: ['16.3.2'], hipaa: ['§164.312(b)'], ukGdpr: ['5(2)'] },
  next: 'npx vitest run --project integration testing/ai/chat.int.test.ts',
  limitSeconds: 1200,
  check: testsHold('integration', 'testing/ai/chat.int.test.ts'),
};
