import type { CordonControl } from '../asked.ts';
import { impactsApproved } from '../checks/documents.ts';

export const ch8_1: CordonControl = {
  id: 'CH-8.1',
  title: 'Impact assessments are made and approved',
  priority: 'P2',
  threat: 'Nobody has asked what this does to patients.',
  owner: 'privacy officer',
  references: { asvs: [], hipaa: ['§164.308(a)(1)(ii)(A)'], ukGdpr: ['35', '36'] },
  next: 'complete and have approved the assessments in compliance/dpia',
  check: impactsApproved,
};
