/** Where an object lies. Both parts are UUIDs: an address never carries a name. */
export interface ObjectPlace {
  readonly tenantId: string;
  readonly objectId: string;
}

/**
 * Bytes too large for a row. A store is given sealed objects only (see `seal-object.ts`) and holds no key: who reads it
 * reads ciphertext.
 */
export interface ObjectStore {
  /** An object is there whole or not at all, and never replaced. @throws ObjectStoreError objects-unavailable */
  put(place: ObjectPlace, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** @throws ObjectStoreError object-missing, objects-unavailable */
  get(place: ObjectPlace): Promise<AsyncIterable<Uint8Array>>;
  /** Removing what is not there is no error. @throws ObjectStoreError objects-unavailable */
  remove(place: ObjectPlace): Promise<void>;
}
