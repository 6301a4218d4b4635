import type { CordonControl } from '../asked.ts';
import { auditVerifies } from '../checks/stores.ts';

export const ch5_1: CordonControl = {
  id: 'CH-5.1',
  title: 'The log verifies, from rows to signed checkpoints',
  priority: 'P1',
  threat: 'A row was changed by somebody with the store’s own power.',
  owner: 'security engineering',
  references: { asvs: ['16.4.2'], hipaa: ['§164.312(b)', '§164.312(c)(2)'], ukGdpr: ['5(2)', '32'] },
  next: 'npx cordon audit verify',
  limitSeconds: 600,
  check: auditVerifies,
};
