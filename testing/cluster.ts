import { fileURLToPath } from 'node:url';
import { startTestCluster, type TestClusterInfo } from '../packages/stores/testing.ts';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    testCluster: TestClusterInfo;
  }
}

/** One throw-away PostgreSQL a run, with every store migrated once; test files clone what they need. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
  const cluster = await startTestCluster({
    databaseFolder: folder('database'),
    sharedSql: {
      rowSecurity: folder('packages/row-security/sql'),
      fieldEncryption: folder('packages/field-encryption/sql'),
    },
  });
  project.provide('testCluster', cluster.info);
  return cluster.stop;
}
