import { notBuilt } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';

export const ch6_4: CordonControl = {
  id: 'CH-6.4',
  title: 'Every AI call leaves its intent and its outcome',
  priority: 'P1',
  threat: 'Nobody can say what was sent to whom.',
  owner: 'engine team',
  references: { asvs: ['16.3.2'], hipaa: ['§164.312(b)'], ukGdpr: ['5(2)', '30'] },
  next: 'see docs/ARCHITECTURE.md, AI',
  check: notBuilt('no process calls a model yet, so no call can be shown with its entries'),
};
