import { allOf } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';
import { noModelElsewhere } from '../checks/ai.ts';
import { wallsStand } from '../checks/code.ts';

export const ch6_1: CordonControl = {
  id: 'CH-6.1',
  title: 'No process but the engine can reach a model',
  priority: 'P1',
  threat: 'A page or a script sends records to a model past every rule.',
  owner: 'engine team',
  references: { asvs: ['13.2.4', '13.2.5'], hipaa: ['§164.308(b)(1)'], ukGdpr: ['25', '28', '44'] },
  next: 'npm run check:walls',
  limitSeconds: 600,
  check: async (asked, signal) => allOf([await wallsStand(asked, signal), await noModelElsewhere(asked)]),
};
