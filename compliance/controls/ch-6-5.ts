import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const ch6_5: CordonControl = {
  id: 'CH-6.5',
  title: 'Limits, a kill switch and an answer check stand around every call',
  priority: 'P1',
  threat: 'A model’s answer, price or outage becomes the clinic’s.',
  owner: 'engine team',
  references: { asvs: ['15.2.2', '16.5.2'], hipaa: ['§164.308(a)(1)(ii)(B)'], ukGdpr: ['32'] },
  next: 'npx vitest run --project integration testing/ai/fail-closed.int.test.ts',
  limitSeconds: 1200,
  check: testsHold('integration', 'testing/ai/fail-closed.int.test.ts'),
};
