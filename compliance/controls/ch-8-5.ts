import { notBuilt } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';

export const ch8_5: CordonControl = {
  id: 'CH-8.5',
  title: 'Consent is asked, kept and withdrawn',
  priority: 'P2',
  threat: 'Marketing goes on after a no.',
  owner: 'privacy officer',
  references: { asvs: ['14.1.2'], hipaa: ['§164.508'], ukGdpr: ['7'] },
  next: 'see docs/ARCHITECTURE.md',
  check: notBuilt(
    'the asking and withdrawing of consent on pages; records of consent have a table and an API',
  ),
};
