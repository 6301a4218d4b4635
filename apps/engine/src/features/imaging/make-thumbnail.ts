import { randomBytes, randomUUID } from 'node:crypto';
import type { AuditEntry } from '../../audit/entry.ts';
import type { JobTarget } from '../../jobs/index.ts';
import type { PatientKey } from '../../keys/patient-keys.ts';
import { claimObject, openObject, sealObject, type ObjectStore } from '../../objects/index.ts';
import { sealFields, wipeKeys } from '../../pipeline/change-record.ts';
import { leaveOutcome, recordFailure } from '../../pipeline/intent.ts';
import { openLocked } from '../../pipeline/open-cells.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { imagingTable } from './queries.ts';
import { drawThumbnail } from './sanitise-picture.ts';

interface WaitingAsset {
  clinic_id: string;
  patient_id: string;
  object_id: string;
  object_key: Buffer;
}

/**
 * The job that an upload leaves. Like every opening it has its entry in the audit log before the key is taken; run twice, it
 * finds the thumbnail there.
 */
export async function makeThumbnail(
  engine: EngineContext,
  objects: ObjectStore,
  { tenantId, resourceId }: JobTarget,
): Promise<void> {
  if (resourceId === undefined) return;
  const asset = await findWaiting(engine, tenantId, resourceId);
  if (asset === undefined) return;
  const pseudonyms = await engine.patientKeys.pseudonyms(tenantId, [asset.patient_id]);
  const intent: AuditEntry = {
    id: randomUUID(),
    tenantId,
    clinicId: asset.clinic_id,
    initiatorType: 'system',
    action: 'record.changed',
    resourceType: 'ImagingAsset',
    resourceId,
    dataClassIds: ['imagingAsset'],
    patientPseudonym: pseudonyms.get(asset.patient_id),
    decision: 'permit',
    reasonCode: 'granted',
    outcome: 'intent',
  };
  const receipt = await engine.audit.append([intent]);
  const key = (await engine.patientKeys.load(tenantId, [asset.patient_id], receipt)).get(asset.patient_id);
  const place = { tenantId, objectId: randomUUID() };
  try {
    // Erased since: there is nothing to draw.
    if (key === undefined) {
      await recordFailure(engine, intent);
      return;
    }
    const picture = await readPicture(engine, objects, tenantId, resourceId, asset, key);
    const thumbnail = await drawThumbnail(picture);
    const thumbnailKey = randomBytes(32);
    const claim = claimObject();
    await objects.put(place, sealObject([thumbnail], thumbnailKey, place));
    const stored = await engine.stores.withTenantJob(tenantId, async (transaction) => {
      claim.assertInTime();
      const cells = await sealFields(transaction, { tenantId, table: imagingTable, rowId: resourceId }, key, {
        thumbnail_key: thumbnailKey.toString('base64'),
      });
      const { rowCount } = await transaction.query(
        `UPDATE clinical.imaging_assets SET thumbnail_object_id = $3, thumbnail_byte_length = $4, thumbnail_key = $5
         WHERE tenant_id = $1 AND id = $2 AND state = 'stored' AND thumbnail_object_id IS NULL AND key_id = $6`,
        [tenantId, resourceId, place.objectId, thumbnail.length, cells.thumbnail_key, key.keyId],
      );
      if (rowCount !== 1) return false;
      await leaveOutcome(transaction, intent);
      return true;
    });
    if (!stored) {
      await objects.remove(place);
      await recordFailure(engine, intent);
    }
    engine.wakeRelay(tenantId);
  } catch (error) {
    await objects.remove(place).catch(() => undefined);
    await recordFailure(engine, intent);
    throw error;
  } finally {
    if (key !== undefined) wipeKeys([key]);
  }
}

async function findWaiting(
  engine: EngineContext,
  tenantId: string,
  assetId: string,
): Promise<WaitingAsset | undefined> {
  const { rows } = await engine.stores.withTenantJob(tenantId, (transaction) =>
    transaction.query<WaitingAsset>(
      `SELECT clinic_id, patient_id, object_id, object_key FROM clinical.imaging_assets
       WHERE tenant_id = $1 AND id = $2 AND state = 'stored' AND thumbnail_object_id IS NULL`,
      [tenantId, assetId],
    ),
  );
  return rows[0];
}

async function readPicture(
  engine: EngineContext,
  objects: ObjectStore,
  tenantId: string,
  assetId: string,
  asset: WaitingAsset,
  keys: PatientKey,
): Promise<Buffer> {
  const cell = {
    place: { tenantId, table: imagingTable, column: 'object_key', rowId: assetId },
    ciphertext: asset.object_key,
    key: keys.key,
  };
  const [opened] = await engine.stores.withTenantJob(tenantId, (transaction) =>
    openLocked(transaction, [{ cell, keys }], { inTransaction: true }),
  );
  if (opened?.ok !== true) throw new Error('the cell with the object’s key does not open');
  const place = { tenantId, objectId: asset.object_id };
  const parts: Buffer[] = [];
  const objectKey = Buffer.from(opened.plaintext, 'base64');
  for await (const part of openObject(await objects.get(place), objectKey, place)) parts.push(part);
  return Buffer.concat(parts);
}
