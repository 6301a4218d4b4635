import { testFactorTablePages } from './factor-table-pages.ts';

testFactorTablePages(() => true);
