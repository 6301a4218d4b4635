import { notBuilt } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';

export const ch9_4: CordonControl = {
  id: 'CH-9.4',
  title: 'A breach is assessed and told within 72 hours',
  priority: 'P2',
  threat: 'The deadline passes while people look for the template.',
  owner: 'privacy officer',
  references: { asvs: [], hipaa: ['§164.308(a)(6)(ii)', '§164.404', '§164.408'], ukGdpr: ['33', '34'] },
  next: 'write compliance/breach-response.md with its register, rehearse it, and replace the check in compliance/controls/ch-9-4.ts by one that reads both',
  check: notBuilt('the procedure and register for breaches'),
};
