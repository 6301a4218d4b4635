import { allOf } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';
import { deployedProvidersAgree, refreshTokensRotate, tokensAreShort } from '../checks/tokens.ts';

export const sec006: CordonControl = {
  id: 'SEC-006',
  title: 'Access tokens live 15 minutes, and a refresh token works once',
  priority: 'P0',
  threat: 'A token that was copied opens the API for days, and nobody notices.',
  owner: 'identity team',
  references: {
    asvs: ['9.2.1', '10.4.5', '10.4.8'],
    hipaa: ['§164.312(a)(2)(iii)', '§164.312(d)'],
    ukGdpr: ['32'],
  },
  next: 'npm start, then npx cordon gate --to development --only SEC-006',
  check: async (asked, signal) =>
    allOf([
      await deployedProvidersAgree(asked),
      await tokensAreShort(asked, signal),
      await refreshTokensRotate(asked, signal),
    ]),
};
