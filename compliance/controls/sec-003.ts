import type { CordonControl } from '../asked.ts';
import { agreementsInForce } from '../checks/registers.ts';

export const sec003: CordonControl = {
  id: 'SEC-003',
  title: 'Vendors that may see patient data have signed',
  priority: 'P0',
  threat: 'A vendor holds patient data without any duty to protect it.',
  owner: 'compliance officer',
  references: { asvs: ['13.1.1', '14.2.3'], hipaa: ['§164.308(b)(1)', '§164.504(e)'], ukGdpr: ['28(3)'] },
  next: 'file the signed agreements in .agent/compliance/BAA_STATUS.md',
  onlyWithPatientData: true,
  lifeHours: 1,
  check: agreementsInForce,
};
