import { z } from 'zod';
import { EngineError } from '../../error.ts';
import { beginStream, openObjectRange, type ObjectStore } from '../../objects/index.ts';
import { pageQuery, readCursor, splitPage } from '../../server/page-cursor.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { discloseRecord, discloseRecords } from '../../pipeline/disclose-records.ts';
import { readByteRange } from './byte-range.ts';
import { findAsset, imagingTable, listAssets, type ListedAssetRow, type StoredAssetRow } from './queries.ts';
import { registerPictureUpload } from './upload-route.ts';

const listed = z.object({
  items: z.array(
    z.object({
      id: z.uuid(),
      clinicId: z.uuid(),
      mediaType: z.string(),
      byteLength: z.number().int(),
      width: z.number().int(),
      height: z.number().int(),
      hasThumbnail: z.boolean(),
      caption: z.string().nullable(),
      createdAt: z.iso.datetime(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

export function registerImagingRoutes(tools: RouteTools, objects: ObjectStore): void {
  const { server, engine } = tools;
  registerPictureUpload(tools, objects);

  server.get('/v1/patients/:patientId/imaging-assets', {
    schema: {
      summary: "List a patient's pictures, newest first",
      params: z.object({ patientId: z.uuid() }),
      querystring: pageQuery,
      response: { 200: listed },
    },
    config: { decides: { action: 'list', dataClass: 'imagingAsset' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { cursor, limit } = request.query;
      const patientId = request.params.patientId.toLowerCase();
      const after = readCursor(cursor);
      let nextCursor: string | null = null;
      const rows = await discloseRecords<ListedAssetRow, 'caption'>(engine, caller, {
        subject: { action: 'list', dataClass: 'imagingAsset', auditAction: 'record.listed', resourceType: 'ImagingAsset' },
        table: imagingTable,
        columns: { caption: 'caption' },
        fetch: async (transaction) => {
          const split = splitPage(await listAssets(transaction, caller.tenantId, { patientId, after, limit }), limit);
          nextCursor = split.nextCursor;
          return split.page;
        },
      }); // prettier-ignore
      const items = rows.map(({ row, fields }) => ({
        id: row.id,
        clinicId: row.clinic_id,
        mediaType: row.media_type,
        byteLength: Number(row.byte_length),
        width: row.width,
        height: row.height,
        hasThumbnail: row.has_thumbnail,
        caption: fields?.caption ?? null,
        createdAt: row.created_at.toISOString(),
      }));
      return { items, nextCursor };
    },
  });

  server.get('/v1/imaging-assets/:assetId/content', {
    schema: {
      summary: 'Show a picture, whole or in part (Range); size=thumbnail for a small one (WebP)',
      params: z.object({ assetId: z.uuid() }),
      querystring: z.strictObject({ size: z.enum(['full', 'thumbnail']).default('full') }),
    },
    config: { decides: { action: 'read', dataClass: 'imagingAsset' } },
    onRequest: tools.enter('read'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const assetId = request.params.assetId.toLowerCase();
      const { size } = request.query;
      const { row, fields } = await discloseRecord<StoredAssetRow, 'full' | 'thumbnail'>(engine, caller, {
        subject: {
          action: 'read',
          dataClass: 'imagingAsset',
          auditAction: 'record.opened',
          resourceType: 'ImagingAsset',
          resourceId: assetId,
        },
        table: imagingTable,
        columns: { full: 'object_key', thumbnail: 'thumbnail_key' },
        fetch: (transaction) => findAsset(transaction, caller.tenantId, assetId, size),
      });
      const objectKey = fields?.[size];
      // The role may know that there is a picture, but has no key to it.
      if (typeof objectKey !== 'string') throw new EngineError('access-denied');
      const length = Number(row.stored_byte_length);
      const asked = readByteRange(request.headers.range, length);
      const range = asked ?? { first: 0, last: length - 1 };
      const place = { tenantId: caller.tenantId, objectId: row.stored_object_id };
      const key = Buffer.from(objectKey, 'base64');
      const chunks = openObjectRange((part) => objects.get(place, part), key, place, length, range);
      const body = await beginStream(chunks);
      if (asked !== undefined)
        reply.status(206).header('content-range', `bytes ${range.first}-${range.last}/${length}`);
      return reply
        .type(size === 'thumbnail' ? 'image/webp' : row.media_type)
        .header('accept-ranges', 'bytes')
        .header('content-length', range.last - range.first + 1)
        .header('content-disposition', 'inline; filename="picture"')
        .send(body);
    },
  });
}
