import type { CordonControl } from '../asked.ts';
import { auditAppendOnly } from '../checks/catalog.ts';

export const sec002: CordonControl = {
  id: 'SEC-002',
  title: 'The audit log takes no change, and nobody may try',
  priority: 'P0',
  threat: 'Whoever misuses a record takes the trace away.',
  owner: 'security engineering',
  references: { asvs: ['16.4.2'], hipaa: ['§164.312(b)', '§164.312(c)(1)'], ukGdpr: ['5(2)', '32'] },
  next: 'npx cordon audit verify',
  check: auditAppendOnly,
};
