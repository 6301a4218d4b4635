import { notBuilt } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';

export const ch9_3: CordonControl = {
  id: 'CH-9.3',
  title: 'Dashboards and metrics show how the service does',
  priority: 'P2',
  threat: 'Patients notice first.',
  owner: 'operations',
  references: { asvs: [], hipaa: ['§164.308(a)(1)(ii)(D)'], ukGdpr: ['32(1)(b)'] },
  next: 'build the metrics: an address for Prometheus in packages/service, and dashboards in deploy',
  check: notBuilt('metrics and dashboards'),
};
