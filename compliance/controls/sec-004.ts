import { allOf } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';
import { rowSecurityForced } from '../checks/catalog.ts';
import { isolationProven } from '../checks/stores.ts';

export const sec004: CordonControl = {
  id: 'SEC-004',
  title: 'Rows of one tenant, clinic or patient are closed to every other',
  priority: 'P0',
  threat: 'A user of one clinic reads the records of another.',
  owner: 'security engineering',
  references: { asvs: ['8.2.2', '8.4.1'], hipaa: ['§164.312(a)(1)'], ukGdpr: ['5(1)(f)', '32'] },
  next: 'npx cordon rls prove --store clinical',
  limitSeconds: 1200,
  check: async (asked) =>
    allOf([
      await rowSecurityForced('clinical', 'audit', 'marketing')(asked),
      await isolationProven('clinical')(asked),
    ]),
};
