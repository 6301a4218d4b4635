import type { Transaction } from '@cordon/row-security';
import { placeColumn, type PagePlace } from '../../server/page-cursor.ts';
import type { RecordRow } from '../../pipeline/disclose-records.ts';
import type { PictureType } from './sanitise-picture.ts';

export const imagingTable = 'clinical.imaging_assets';

export interface ListedAssetRow extends RecordRow {
  readonly media_type: PictureType;
  readonly byte_length: string;
  readonly width: number;
  readonly height: number;
  readonly has_thumbnail: boolean;
  readonly created_at: Date;
  readonly caption: Buffer | null;
  readonly place: string;
}

export interface StoredAssetRow extends RecordRow {
  readonly media_type: PictureType;
  readonly stored_object_id: string;
  readonly stored_byte_length: string;
  readonly object_key: Buffer;
  readonly thumbnail_key: Buffer | null;
}

export async function listAssets(
  transaction: Transaction,
  tenantId: string,
  page: { patientId: string; after: PagePlace | null; limit: number },
): Promise<readonly ListedAssetRow[]> {
  const { rows } = await transaction.query<ListedAssetRow>(
    `SELECT id, clinic_id, patient_id, media_type, byte_length, width, height, thumbnail_object_id IS NOT NULL AS has_thumbnail,
       created_at, caption, ${placeColumn('created_at')} AS place
     FROM clinical.imaging_assets WHERE tenant_id = $1 AND patient_id = $2 AND state = 'stored'
       AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $5`,
    [tenantId, page.patientId, page.after?.at ?? null, page.after?.id ?? null, page.limit + 1],
  );
  return rows;
}

/** None where there is no thumbnail yet. */
export async function findAsset(
  transaction: Transaction,
  tenantId: string,
  assetId: string,
  size: 'full' | 'thumbnail',
): Promise<readonly StoredAssetRow[]> {
  const { rows } = await transaction.query<StoredAssetRow>(
    `SELECT id, clinic_id, patient_id, media_type, object_key, thumbnail_key,
       CASE WHEN $3 THEN thumbnail_object_id ELSE object_id END AS stored_object_id,
       CASE WHEN $3 THEN thumbnail_byte_length ELSE byte_length END AS stored_byte_length
     FROM clinical.imaging_assets
     WHERE tenant_id = $1 AND id = $2 AND state = 'stored' AND (NOT $3 OR thumbnail_object_id IS NOT NULL)`,
    [tenantId, assetId, size === 'thumbnail'],
  );
  return rows;
}
