export { ObjectStoreError, type ObjectStoreErrorCode } from './error.ts';
export { createFileObjectStore } from './file-object-store.ts';
export type { ObjectPlace, ObjectStore } from './object-store.ts';
export { openObject, sealObject } from './seal-object.ts';
