export { beginStream } from './begin-stream.ts';
export { claimObject, orphanAfterMs, type ObjectClaim } from './object-claim.ts';
export { mostListed, type ObjectPart, type ObjectPlace, type ObjectStore } from './object-store.ts';
export { openObjectStore, readObjectSettings, type ObjectSettings } from './object-settings.ts';
export { openObject, openObjectRange, sealObject, type ContentRange } from './seal-object.ts';
