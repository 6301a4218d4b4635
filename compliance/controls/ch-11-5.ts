import { notBuilt } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';

export const ch11_5: CordonControl = {
  id: 'CH-11.5',
  title: 'A plan for an outage exists and was rehearsed',
  priority: 'P2',
  threat: 'The clinic stands still with patients in the chair.',
  owner: 'operations',
  references: {
    asvs: ['13.1.3'],
    hipaa: ['§164.308(a)(7)(ii)(B)', '§164.308(a)(7)(ii)(C)', '§164.308(a)(7)(ii)(D)'],
    ukGdpr: ['32(1)(b)', '32(1)(c)'],
  },
  next: 'write compliance/continuity.md, rehearse it, and replace the check in compliance/controls/ch-11-5.ts by one that reads the day of the rehearsal',
  check: notBuilt('the plan for outages and its rehearsal'),
};
