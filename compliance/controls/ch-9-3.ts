import { notBuilt } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';

export const ch9_3: CordonControl = {
  id: 'CH-9.3',
  title: 'Dashboards and metrics show how the service does',
  priority: 'P2',
  threat: 'Patients notice first.',
  owner: 'operations',
  references: { asvs: ['16.1.1'], hipaa: ['§164.308(a)(1)(ii)(D)'], ukGdpr: ['32(1)(b)'] },
  next: 'see docs/ARCHITECTURE.md',
  check: notBuilt('metrics and dashboards'),
};
