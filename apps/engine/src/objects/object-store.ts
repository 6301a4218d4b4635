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

/** One object of a listing. */
export interface ListedObject {
  readonly objectId: string;
  /** When its last byte was written, by the clock of where it lies. */
  readonly writtenAt: Date;
}

export interface ObjectListing {
  readonly objects: readonly ListedObject[];
  /** Behind which the next page begins; undefined where there is none. */
  readonly next: string | undefined;
}

/** The most objects that one page of a listing has: what S3 gives at once. */
export const mostListed = 1_000;

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
  /**
   * A page of a tenant's objects in the order of their ids, from behind `after`: at most `limit`, and `mostListed`.
   * @throws ObjectStoreError objects-unavailable
   */
  list(tenantId: string, page: { after?: string | undefined; limit: number }): Promise<ObjectListing>;
  /** Takes away what a `put` that was killed before `before` left unfinished, and says how much. @throws ObjectStoreError objects-unavailable */
  removeUnfinished(tenantId: string, before: Date): Promise<number>;
}

export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @throws ObjectStoreError object-missing */
export function assertTenantId(tenantId: string): void {
  if (!uuid.test(tenantId)) throw new ObjectStoreError('object-missing', { detail: 'no id of a tenant' });
}

/** The tenant comes first in every address. An id becomes a path: nothing but a UUID may. @throws ObjectStoreError object-missing */
export function pathParts({ tenantId, objectId }: ObjectPlace): [string, string, string] {
  if (!uuid.test(tenantId) || !uuid.test(objectId))
    throw new ObjectStoreError('object-missing', { detail: 'the place is not made of two ids' });
  return [tenantId, objectId.slice(0, 2), objectId];
}
