import type { CordonControl } from '../asked.ts';
import { crawlFindsNothing } from '../checks/crawl.ts';

export const ch10_10: CordonControl = {
  id: 'CH-10.10',
  title: 'Attacks on the running system come to nothing',
  priority: 'P1',
  threat: 'What the tests did not think of is the first that an attacker tries.',
  owner: 'security engineering',
  references: {
    asvs: ['1.2.1', '1.2.4', '5.3.2', '13.4.1'],
    hipaa: ['§164.308(a)(8)'],
    ukGdpr: ['32(1)(d)'],
  },
  next: 'npm start, then npx cordon check --only CH-10.10',
  limitSeconds: 600,
  check: crawlFindsNothing,
};
