import { notBuilt } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';

export const ch8_3: CordonControl = {
  id: 'CH-8.3',
  title: 'A person gets a copy of all that is held on them',
  priority: 'P2',
  threat: 'A request is answered late, or with half of it.',
  owner: 'privacy officer',
  references: { asvs: [], hipaa: ['§164.524'], ukGdpr: ['12', '15', '20'] },
  next: 'build the export: a feature apps/engine/src/features/subject-requests that gathers every record of a person as an approved job',
  check: notBuilt('the export of all that is held on a person'),
};
