import { fileURLToPath } from 'node:url';
import { startTestCluster, type TestCluster } from '../packages/stores/testing.ts';

type ClusterOptions = Parameters<typeof startTestCluster>[0];

const inRepository = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** A throw-away PostgreSQL with this repository's stores, each migrated once. The caller stops it. */
export const startOwnCluster = (
  options: Omit<ClusterOptions, 'databaseFolder' | 'sharedSql'> = {},
): Promise<TestCluster> =>
  startTestCluster({
    ...options,
    databaseFolder: inRepository('database'),
    sharedSql: {
      rowSecurity: inRepository('packages/row-security/sql'),
      fieldEncryption: inRepository('packages/field-encryption/sql'),
    },
  });
