export { FieldEncryptionError, type FieldEncryptionErrorCode } from './src/error.ts';
export { placeDigest, type CellPlace } from './src/place.ts';
export {
  decryptCells,
  encryptCells,
  type CipherCell,
  type CipherDatabase,
  type DecryptOptions,
  type OpenedCell,
  type PlainCell,
} from './src/cells.ts';
export { blindToken } from './src/blind-token.ts';
export { generateDataKey, type KeyManagement } from './src/key-management/key-management.ts';
export { createLocalKeyManagement } from './src/key-management/local-key.ts';
export {
  createLocalKeyFiles,
  earlierKeysFolder,
  localKeyId,
  replaceLocalKey,
} from './src/key-management/local-key-files.ts';
export { createAwsKms, type AwsKmsOptions } from './src/key-management/aws-kms.ts';
export { signAwsRequest, type AwsRequest, type AwsSigner } from './src/key-management/aws-signature.ts';
export { sendText, type SentRequest } from './src/key-management/send-json.ts';
export { createVaultTransit, type VaultTransitOptions } from './src/key-management/vault-transit.ts';
export { chainKeyManagement } from './src/key-management/chain.ts';
export {
  auditEncryption,
  type AuditedColumn,
  type EncryptionAudit,
  type EncryptionAuditOptions,
  type EncryptionFinding,
  type FindingKind,
} from './src/audit/audit-encryption.ts';
