import { allOf } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';
import { factorPolicyHolds } from '../checks/catalog.ts';
import { passwordAloneOpensNothing, secondFactorShown } from '../checks/tokens.ts';

export const sec005: CordonControl = {
  id: 'SEC-005',
  title: 'Administrators and clinicians sign in with a second factor',
  priority: 'P0',
  threat: 'A stolen password opens the records of a whole clinic.',
  owner: 'identity team',
  references: {
    asvs: ['6.3.3', '6.8.4', '10.3.4'],
    hipaa: ['§164.312(d)', '§164.308(a)(5)(ii)(D)'],
    ukGdpr: ['32'],
  },
  next: 'npm start, then npx cordon gate --to development --only SEC-005',
  check: async (asked, signal) =>
    allOf([
      await factorPolicyHolds(asked),
      await passwordAloneOpensNothing(asked, signal),
      await secondFactorShown(asked, signal),
    ]),
};
