export { beginStream } from './begin-stream.ts';
export { ObjectStoreError, type ObjectStoreErrorCode } from './error.ts';
export type { ObjectPart, ObjectPlace, ObjectStore } from './object-store.ts';
export { openObjectStore, readObjectSettings, type ObjectSettings } from './object-settings.ts';
export { openObject, openObjectRange, sealObject, type ContentRange } from './seal-object.ts';
