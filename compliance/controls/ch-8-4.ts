import { notBuilt } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';

export const ch8_4: CordonControl = {
  id: 'CH-8.4',
  title: 'A person can have records corrected, restricted and erased',
  priority: 'P2',
  threat: 'A request to erase leaves copies everywhere.',
  owner: 'privacy officer',
  references: { asvs: ['14.2.7'], hipaa: ['§164.522(a)', '§164.526'], ukGdpr: ['16', '17', '18', '19'] },
  next: 'build the requests: apps/engine/src/features/subject-requests, for correction, restriction and erasure; until then npx cordon keys destroy --help',
  check: notBuilt(
    'the handling of requests for correction, restriction and erasure; a patient’s key can be destroyed',
  ),
};
