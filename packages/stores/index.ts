export { StoresError, type StoresErrorCode } from './src/errors.ts';
export { readStoreDefinitions, type StoreDefinition } from './src/definitions.ts';
export { readOrCreateKey, readOrCreatePassword, readOrCreateSecret, writeSecret } from './src/secrets.ts';
export { type LoginAddress, renderConnectionEnvironment } from './src/connection-environment.ts';
export { administratorRole } from './src/embedded/host-rules.ts';
export {
  type EmbeddedCluster,
  type EmbeddedClusterOptions,
  startEmbeddedCluster,
} from './src/embedded/cluster.ts';
export { endLeftoverServer } from './src/embedded/leftover.ts';
export type { SharedSqlFolders } from './src/setup/migration-files.ts';
export { keepStoreSecrets, passwordFileOf, sealKeyFileOf } from './src/setup/secrets.ts';
export { sealKeyId } from './src/setup/seal-key.ts';
export {
  type SetUpOptions,
  setUpStores,
  type StoreSecrets,
  type StoreServer,
} from './src/setup/set-up-stores.ts';
export { type OwnServer, type OwnServers, readOwnServers } from './src/own-servers.ts';
