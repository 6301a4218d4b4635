export { FieldEncryptionError, type FieldEncryptionErrorCode } from './src/error.ts';
export { placeDigest, type CellPlace } from './src/place.ts';
export {
  decryptCells,
  encryptCells,
  type CipherCell,
  type CipherDatabase,
  type OpenedCell,
  type PlainCell,
} from './src/cells.ts';
export {
  blindToken,
  createLocalKeyManagement,
  generateDataKey,
  type KeyManagement,
} from './src/key-management.ts';
