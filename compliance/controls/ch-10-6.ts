import type { CordonControl } from '../asked.ts';
import { workflowsAreLeast } from '../checks/repository.ts';

export const ch10_6: CordonControl = {
  id: 'CH-10.6',
  title: 'Workflows hold the least they need and pin what they run',
  priority: 'P1',
  threat: 'A stranger’s pull request publishes a release.',
  owner: 'security engineering',
  references: { asvs: ['15.2.4', '13.3.2'], hipaa: ['§164.308(a)(4)'], ukGdpr: ['32'] },
  next: 'mend .github/workflows, then npx cordon check --only CH-10.6',
  check: workflowsAreLeast,
};
