import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const ch6_2: CordonControl = {
  id: 'CH-6.2',
  title: 'Only fields that a purpose names are sent, and pseudonyms for people',
  priority: 'P1',
  threat: 'A model learns who the patient is.',
  owner: 'engine team',
  references: {
    asvs: ['14.2.3', '14.2.6'],
    hipaa: ['§164.502(b)', '§164.514(d)'],
    ukGdpr: ['5(1)(c)', '25'],
  },
  next: 'npx vitest run --project unit packages/ai-gateway packages/phi-redaction',
  limitSeconds: 1200,
  check: testsHold('unit', 'packages/ai-gateway', 'packages/phi-redaction'),
};
