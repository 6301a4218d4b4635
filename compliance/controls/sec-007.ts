import type { CordonControl } from '../asked.ts';
import { testsHold } from '../checks/code.ts';

export const sec007: CordonControl = {
  id: 'SEC-007',
  title: 'What is read from a form is untrusted until its schema took it',
  priority: 'P1',
  threat: 'Text from a scan becomes a script, a formula, a statement or a prompt.',
  owner: 'engine team',
  references: {
    asvs: ['1.2.4', '2.2.1', '2.2.2', '5.2.2'],
    hipaa: ['§164.312(c)(1)'],
    ukGdpr: ['5(1)(d)', '32'],
  },
  next: 'npx vitest run --project unit apps/engine/src/features/intake/reading/form-schema.test.ts',
  limitSeconds: 1200,
  check: testsHold(
    'unit',
    'packages/pan-scrubber/scrub.test.ts',
    'apps/engine/src/features/intake/reading/form-schema.test.ts',
    'apps/engine/src/features/intake/reading/strict-json.test.ts',
    'apps/engine/src/features/intake/reading/check-ocr-page.test.ts',
  ),
};
