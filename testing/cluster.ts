import { type TestClusterInfo } from '../packages/stores/testing.ts';
import type { TestProject } from 'vitest/node';
import { startOwnCluster } from './start-cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testCluster: TestClusterInfo;
  }
}

/** One throw-away PostgreSQL a run, with every store migrated once; test files clone what they need. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startOwnCluster();
  project.provide('testCluster', cluster.info);
  return cluster.stop;
}
