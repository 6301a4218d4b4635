import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const ch11_3: CordonControl = {
  id: 'CH-11.3',
  title: 'A crash loses nothing that was answered, and nothing leaks',
  priority: 'P2',
  threat: 'A power cut leaves half a record, or a scan on disk.',
  owner: 'operations',
  references: {
    asvs: ['2.3.3', '16.5.3'],
    hipaa: ['§164.312(c)(1)', '§164.308(a)(7)(ii)(C)'],
    ukGdpr: ['32(1)(b)'],
  },
  next: 'npx vitest run --project integration testing/engine/alerts-killed.int.test.ts',
  limitSeconds: 1200,
  check: testsHold(
    'integration',
    'testing/engine/alerts-killed.int.test.ts',
    'testing/engine/keys-killed.int.test.ts',
  ),
};
