export { StoresError, type StoresErrorCode } from './src/errors.ts';
export { readStoreDefinitions, type StoreDefinition } from './src/definitions.ts';
export { readOrCreateKey, readOrCreatePassword, readOrCreateSecret, writeSecret } from './src/secrets.ts';
export {
  type CertificateRequest,
  type Credential,
  issueAuthority,
  issueCertificate,
} from './src/certificates/authority.ts';
export {
  type CertificateFiles,
  keepAuthority,
  keepCertificate,
  type KeptAuthority,
} from './src/certificates/keep.ts';
export { keepStoreCertificates } from './src/certificates/store-certificates.ts';
export { type LoginAddress, renderConnectionEnvironment } from './src/connection-environment.ts';
export { administratorRole } from './src/embedded/host-rules.ts';
export {
  type EmbeddedCluster,
  type EmbeddedClusterOptions,
  startEmbeddedCluster,
} from './src/embedded/cluster.ts';
export { endLeftoverServer } from './src/embedded/leftover.ts';
export { isAlive, startOf, waitForEnd } from './src/embedded/processes.ts';
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
export { type AtRest, proveAtRest, proveServerAtRest } from './src/at-rest/kernel.ts';
export { withoutCoreDumps } from './src/without-core-dumps.ts';
