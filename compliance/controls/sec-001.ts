import type { CordonControl } from '../asked.ts';
import { scrubberHolds } from '../checks/code.ts';

export const sec001: CordonControl = {
  id: 'SEC-001',
  title: 'Card numbers are taken out of intake before anything is stored',
  priority: 'P0',
  threat: 'A card number that somebody wrote on a form lies in databases, backups and logs.',
  owner: 'engine team',
  references: { asvs: ['14.2.4', '14.2.7', '16.2.5'], hipaa: ['§164.502(b)'], ukGdpr: ['5(1)(c)', '32'] },
  next: 'npx vitest run --project unit packages/pan-scrubber',
  check: scrubberHolds,
};
