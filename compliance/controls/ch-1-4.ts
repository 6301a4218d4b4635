import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const ch1_4: CordonControl = {
  id: 'CH-1.4',
  title: 'Sessions end when nobody is there, and after a day at most',
  priority: 'P1',
  threat: 'A console left open in a treatment room is anybody’s.',
  owner: 'identity team',
  references: { asvs: ['7.3.1', '7.3.2', '7.4.1'], hipaa: ['§164.312(a)(2)(iii)'], ukGdpr: ['32'] },
  next: 'npx vitest run --project unit packages/web-guard/src/session',
  limitSeconds: 1200,
  check: testsHold(
    'unit',
    'packages/web-guard/src/session/session-limits.test.ts',
    'packages/web-guard/src/app/session-app-settings.test.ts',
  ),
};
