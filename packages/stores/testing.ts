export { startTestCluster, type TestCluster, type TestClusterInfo } from './src/testing/test-cluster.ts';
export { cloneDatabases, type StoreClones } from './src/testing/clones.ts';
