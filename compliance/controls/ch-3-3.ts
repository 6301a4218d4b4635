import { allOf } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';
import { isolationProven } from '../checks/stores.ts';

export const ch3_3: CordonControl = {
  id: 'CH-3.3',
  title: 'The stores of keys, enquiries and accounts are closed to each other’s roles',
  priority: 'P1',
  threat: 'A weakness of the public site reaches further than enquiries.',
  owner: 'security engineering',
  references: { asvs: ['8.4.1', '13.2.2'], hipaa: ['§164.312(a)(1)'], ukGdpr: ['32'] },
  next: 'npx cordon rls prove',
  limitSeconds: 1200,
  check: async (asked) =>
    allOf([
      await isolationProven('vault')(asked),
      await isolationProven('marketing')(asked),
      await isolationProven('identity')(asked),
    ]),
};
