import type { CordonControl } from '../asked.ts';
import { auditReaderOnlyReads } from '../checks/catalog.ts';

export const ch5_2: CordonControl = {
  id: 'CH-5.2',
  title: 'Who reads the log reads it and nothing more',
  priority: 'P1',
  threat: 'The auditor’s account becomes the attacker’s eraser.',
  owner: 'security engineering',
  references: { asvs: ['16.4.2', '13.2.2'], hipaa: ['§164.312(b)'], ukGdpr: ['32'] },
  next: 'npx cordon rls prove --store audit',
  check: auditReaderOnlyReads,
};
