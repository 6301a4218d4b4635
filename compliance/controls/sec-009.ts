import type { CordonControl } from '../asked.ts';
import { columnsEncrypted } from '../checks/stores.ts';

export const sec009: CordonControl = {
  id: 'SEC-009',
  title: 'Patient data is ciphertext in every store',
  priority: 'P0',
  threat: 'A stolen disk or backup is a stolen clinic.',
  owner: 'security engineering',
  references: {
    asvs: ['11.3.2', '11.3.3', '14.1.1', '14.2.4'],
    hipaa: ['§164.312(a)(2)(iv)'],
    ukGdpr: ['32(1)(a)', '25'],
  },
  next: 'npx cordon encryption audit',
  limitSeconds: 600,
  check: columnsEncrypted('clinical', 'vault', 'audit', 'marketing', 'identity'),
};
