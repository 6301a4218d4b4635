import type { CordonControl } from '../asked.ts';
import { wallsStand } from '../checks/code.ts';

export const ch10_1: CordonControl = {
  id: 'CH-10.1',
  title: 'Import rules between folders are kept',
  priority: 'P1',
  threat: 'One import carries a credential or a key into another process.',
  owner: 'security engineering',
  references: { asvs: ['15.2.5'], hipaa: ['§164.308(a)(1)(ii)(B)'], ukGdpr: ['25'] },
  next: 'npm run check:walls',
  limitSeconds: 600,
  check: wallsStand,
};
