import type { CordonControl } from '../asked.ts';
import { buildsAreKnown } from '../checks/documents.ts';

export const ch11_4: CordonControl = {
  id: 'CH-11.4',
  title: 'What was built is known by its digest',
  priority: 'P2',
  threat: 'Something else than what was tested is deployed.',
  owner: 'operations',
  references: { asvs: [], hipaa: ['§164.308(a)(1)(ii)(B)'], ukGdpr: ['32'] },
  next: 'build the pages: npm start, or npx vite build -c apps/console/ui/vite.config.ts',
  check: buildsAreKnown,
};
