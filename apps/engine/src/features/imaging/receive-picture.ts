import { randomBytes, randomUUID } from 'node:crypto';
import type { RequestCaller } from '../../caller/caller.ts';
import { leaveJob } from '../../jobs/index.ts';
import { claimObject, sealObject, type ObjectStore } from '../../objects/index.ts';
import { changeRecord, sealFields } from '../../pipeline/change-record.ts';
import { decideOrRefuse } from '../../pipeline/decide.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { imagingTable } from './queries.ts';
import { sanitisePicture } from './sanitise-picture.ts';

export interface PictureUpload {
  readonly clinicId: string;
  readonly patientId: string;
  readonly readPicture: () => Promise<{ bytes: Buffer; caption: string | undefined }>;
}

/**
 * Takes a picture in. The decision comes before the bytes are looked at; the object is sealed under a key of its own before
 * a row names it, so a crash in between leaves an object that nobody can open.
 * @throws EngineError, ObjectStoreError; nothing readable is left then.
 */
export async function receivePicture(
  { engine, objects }: { engine: EngineContext; objects: ObjectStore },
  caller: RequestCaller,
  { clinicId, patientId, readPicture }: PictureUpload,
): Promise<string> {
  const { tenantId } = caller;
  const id = randomUUID();
  const subject = {
    action: 'create',
    dataClass: 'imagingAsset',
    auditAction: 'record.created',
    resourceType: 'ImagingAsset',
    resourceId: id,
  } as const;
  await decideOrRefuse(engine, caller, subject, { tenantId, clinicId, patientRecordId: patientId });
  const { bytes, caption } = await readPicture();
  const picture = await sanitisePicture(bytes);
  const place = { tenantId, objectId: randomUUID() };
  const objectKey = randomBytes(32);
  const claim = claimObject();
  await objects.put(place, sealObject([picture.bytes], objectKey, place));
  try {
    await changeRecord(engine, caller, {
      subject,
      clinicId,
      patientId,
      work: async (transaction, key) => {
        claim.assertInTime();
        const cells = await sealFields(transaction, { tenantId, table: imagingTable, rowId: id }, key, {
          object_key: objectKey.toString('base64'),
          caption,
        });
        await transaction.query(
          `INSERT INTO clinical.imaging_assets (tenant_id, id, clinic_id, patient_id, uploaded_by, object_id, media_type,
             byte_length, width, height, key_id, object_key, caption)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
          [
            tenantId, id, clinicId, patientId, caller.subject, place.objectId, picture.mediaType, picture.bytes.length,
            picture.width, picture.height, key.keyId, cells.object_key, cells.caption,
          ],
        ); // prettier-ignore
        await leaveJob(transaction, { tenantId, task: 'make-thumbnail', resourceId: id });
      },
    });
    return id;
  } catch (error) {
    await objects.remove(place).catch(() => undefined);
    throw error;
  } finally {
    objectKey.fill(0);
  }
}
