import { notBuilt } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';

export const ch8_5: CordonControl = {
  id: 'CH-8.5',
  title: 'Consent is asked, kept and withdrawn',
  priority: 'P2',
  threat: 'Marketing goes on after a no.',
  owner: 'privacy officer',
  references: { asvs: [], hipaa: ['§164.508'], ukGdpr: ['7', '21'] },
  next: 'build the pages: asking and withdrawing in apps/portal/ui and apps/web/ui, over POST /v1/consent-records',
  check: notBuilt(
    'the asking and withdrawing of consent on pages; records of consent have a table and an API',
  ),
};
