import { randomBytes, randomUUID } from 'node:crypto';
import type { Transaction } from '@cordon/row-security';
import {
  claimObject,
  openObject,
  sealObject,
  type ObjectClaim,
  type ObjectStore,
} from '../../objects/index.ts';
import { sealFields, type SealingKey } from '../../pipeline/change-record.ts';
import type { KeptPictures } from './reading/index.ts';

export const pictureTable = 'clinical.intake_pictures';

/** A blacked-out picture that lies in the object store, sealed under a key of its own. */
export interface StoredPicture {
  readonly objectId: string;
  readonly objectKey: Buffer;
  readonly page: number;
  readonly size: 'page' | 'thumbnail';
  readonly byteLength: number;
  readonly claim: ObjectClaim;
}

/**
 * Seals pictures into the object store before any row names them: a crash in between leaves objects whose keys nobody has.
 * @throws ObjectStoreError; nothing is left then
 */
export async function storePictures(
  objects: ObjectStore,
  tenantId: string,
  pictures: KeptPictures,
): Promise<StoredPicture[]> {
  const stored: StoredPicture[] = [];
  try {
    for (const [index, { page, thumbnail }] of pictures.pages.entries()) {
      for (const [size, bytes] of [['page', page], ['thumbnail', thumbnail]] as const) {
        const picture = { objectId: randomUUID(), objectKey: randomBytes(32), page: index + 1, size, byteLength: bytes.length, claim: claimObject() };
        const place = { tenantId, objectId: picture.objectId };
        stored.push(picture);
        await objects.put(place, sealObject([bytes], picture.objectKey, place));
      }
    }
    return stored;
  } catch (error) {
    await removePictures(objects, tenantId, stored);
    throw error;
  }
} // prettier-ignore

/** Takes pictures back whose rows were not written. What cannot be removed stays unreadable: its key is gone. */
export async function removePictures(
  objects: ObjectStore,
  tenantId: string,
  stored: readonly StoredPicture[],
): Promise<void> {
  for (const picture of stored) picture.objectKey.fill(0);
  await Promise.allSettled(stored.map(({ objectId }) => objects.remove({ tenantId, objectId })));
}

/** The pictures' rows, inside the caller's transaction. */
export async function insertPictures(
  transaction: Transaction,
  form: { tenantId: string; clinicId: string; patientId: string; intakeFormId: string },
  key: SealingKey,
  stored: readonly StoredPicture[],
): Promise<void> {
  const { tenantId, clinicId, patientId, intakeFormId } = form;
  for (const { objectId, objectKey, page, size, byteLength, claim } of stored) {
    claim.assertInTime();
    const cells = await sealFields(transaction, { tenantId, table: pictureTable, rowId: objectId }, key, {
      object_key: objectKey.toString('base64'),
    });
    await transaction.query(
      `INSERT INTO clinical.intake_pictures (tenant_id, id, clinic_id, patient_id, intake_form_id, page, size,
         byte_length, key_id, object_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [tenantId, objectId, clinicId, patientId, intakeFormId, page, size, byteLength, key.keyId, cells.object_key],
    ); // prettier-ignore
  }
}

/** A stored picture's bytes, chunk by authenticated chunk. @throws ObjectStoreError before the first chunk, or while it streams */
export async function openPicture(
  objects: ObjectStore,
  place: { tenantId: string; objectId: string },
  objectKey: string,
): Promise<AsyncGenerator<Buffer>> {
  return openObject(await objects.get(place), Buffer.from(objectKey, 'base64'), place);
}
