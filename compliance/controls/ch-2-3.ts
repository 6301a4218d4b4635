import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const ch2_3: CordonControl = {
  id: 'CH-2.3',
  title: 'Decisions come from one reviewed file, and its compiler refuses a wrong one',
  priority: 'P1',
  threat: 'A typing error in a policy opens a data class.',
  owner: 'privacy officer',
  references: { asvs: ['8.1.1', '8.1.2'], hipaa: ['§164.308(a)(4)(ii)(C)', '§164.502(b)'], ukGdpr: ['25'] },
  next: 'npx vitest run --project unit packages/access-policy',
  limitSeconds: 1200,
  check: testsHold('unit', 'packages/access-policy'),
};
