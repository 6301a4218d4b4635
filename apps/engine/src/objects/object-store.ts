import { ObjectStoreError } from './error.ts';

/** Where an object lies. Both parts are UUIDs: an address never carries a name. */
export interface ObjectPlace {
  readonly tenantId: string;
  readonly objectId: string;
}

/** Bytes of an object as it lies in the store: `length` of them from `start`. */
export interface ObjectPart {
  readonly start: number;
  readonly length: number;
}

/**
 * Bytes too large for a row. A store is given sealed objects only (see `seal-object.ts`) and holds no key: who reads it
 * reads ciphertext.
 */
export interface ObjectStore {
  /** An object is there whole or not at all, and never replaced. @throws ObjectStoreError objects-unavailable */
  put(place: ObjectPlace, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** The whole object, or a part of its sealed bytes. @throws ObjectStoreError object-missing, objects-unavailable */
  get(place: ObjectPlace, part?: ObjectPart): Promise<AsyncIterable<Uint8Array>>;
  /** Removing what is not there is no error. @throws ObjectStoreError objects-unavailable */
  remove(place: ObjectPlace): Promise<void>;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The tenant comes first in every address. An id becomes a path: nothing but a UUID may. @throws ObjectStoreError object-missing */
export function pathParts({ tenantId, objectId }: ObjectPlace): [string, string, string] {
  if (!uuid.test(tenantId) || !uuid.test(objectId))
    throw new ObjectStoreError('object-missing', { detail: 'the place is not made of two ids' });
  return [tenantId, objectId.slice(0, 2), objectId];
}
