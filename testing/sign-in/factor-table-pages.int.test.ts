import { testFactorTablePages } from './factor-table-pages.ts';

// Every role, where its tenant asks of nobody whom it may spare; all rows by raw HTTP and, in the full run, here.
testFactorTablePages(({ tenantSays, hasFactor }) => tenantSays === false && !hasFactor);
