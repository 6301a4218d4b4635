import { z } from 'zod';
import { EngineError } from '../../error.ts';
import { beginStream, type ObjectStore } from '../../objects/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { discloseRecord } from '../../pipeline/disclose-records.ts';
import { findPicture, type PictureRow } from './queries.ts';
import { openPicture, pictureTable } from './store-pictures.ts';

export function registerPictureRoute(tools: RouteTools, objects: ObjectStore): void {
  const { server, engine } = tools;

  server.get('/v1/intake-forms/:intakeFormId/image', {
    schema: {
      summary: "Show a form's blacked-out picture, where its clinic keeps them (PNG)",
      params: z.object({ intakeFormId: z.uuid() }),
      querystring: z.object({
        page: z.coerce.number().int().min(1).max(100).default(1),
        size: z.enum(['page', 'thumbnail']).default('page'),
      }),
    },
    config: { decides: { action: 'read', dataClass: 'intakeForm' } },
    onRequest: tools.enter('read'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const intakeFormId = request.params.intakeFormId.toLowerCase();
      const { row, fields } = await discloseRecord<PictureRow, 'objectKey'>(engine, caller, {
        subject: {
          action: 'read',
          dataClass: 'intakeForm',
          auditAction: 'record.opened',
          resourceType: 'IntakePicture',
          resourceId: intakeFormId,
        },
        table: pictureTable,
        columns: { objectKey: 'object_key' },
        fetch: (transaction) => findPicture(transaction, caller.tenantId, { intakeFormId, ...request.query }),
      });
      const objectKey = fields?.objectKey;
      // The role may know that there is a picture, but has no key to it.
      if (typeof objectKey !== 'string') throw new EngineError('access-denied');
      const chunks = await openPicture(objects, { tenantId: caller.tenantId, objectId: row.id }, objectKey);
      return reply
        .type('image/png')
        .header('content-length', row.byte_length)
        .header('cache-control', 'no-store')
        .header('content-disposition', 'inline; filename="form.png"')
        .send(await beginStream(chunks));
    },
  });
}
