import { z } from 'zod';
import type { FastifyRequest } from 'fastify';
import { EngineError } from '../../error.ts';
import type { ObjectStore } from '../../objects/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { receivePicture } from './receive-picture.ts';
import { largestPicture } from './sanitise-picture.ts';

const largestCaption = 2_000;
const limits = {
  fileSize: largestPicture,
  files: 1,
  fields: 1,
  fieldSize: largestCaption,
  parts: 2,
  headerPairs: 20,
};
/** Decoded pictures under way at once: each may take 160 MB while it is drawn anew. */
const mostAtOnce = 3;
const caption = z
  .string()
  .trim()
  .max(500)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u); // prettier-ignore

export function registerPictureUpload(tools: RouteTools, objects: ObjectStore): void {
  const { server, engine } = tools;
  let underWay = 0;

  server.post('/v1/patients/:patientId/imaging-assets', {
    schema: {
      summary: 'Add a picture to a record: multipart, perhaps "caption", then the file "image" (PNG, JPEG or WebP, 20 MB)',
      consumes: ['multipart/form-data'],
      params: z.object({ patientId: z.uuid() }),
      querystring: z.strictObject({ clinicId: z.uuid() }),
      response: { 201: z.object({ id: z.uuid() }) },
    },
    config: { decides: { action: 'create', dataClass: 'imagingAsset' } },
    bodyLimit: largestPicture + 64 * 1024,
    onRequest: tools.enter('intake'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      if (underWay >= mostAtOnce) throw new EngineError('imaging-busy');
      underWay += 1;
      try {
        const id = await receivePicture({ engine, objects }, caller, {
          clinicId: request.query.clinicId.toLowerCase(),
          patientId: request.params.patientId.toLowerCase(),
          readPicture: () => readPicture(request),
        });
        return await reply.status(201).send({ id });
      } finally {
        underWay -= 1;
      }
    },
  }); // prettier-ignore
}

/** @throws EngineError imaging-part-missing, picture-too-large */
async function readPicture(request: FastifyRequest): Promise<{ bytes: Buffer; caption: string | undefined }> {
  try {
    const file = await request.file({ limits });
    if (file?.fieldname !== 'image') throw new EngineError('imaging-part-missing');
    const bytes = await file.toBuffer();
    const { caption: given } = file.fields;
    if (given === undefined) return { bytes, caption: undefined };
    if (Array.isArray(given) || given.type !== 'field' || given.valueTruncated)
      throw new EngineError('imaging-part-missing');
    const text = caption.safeParse(given.value);
    if (!text.success) throw new EngineError('imaging-part-missing', { cause: text.error });
    return { bytes, caption: text.data === '' ? undefined : text.data };
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE';
    throw new EngineError(tooLarge ? 'picture-too-large' : 'imaging-part-missing', { cause: error });
  }
}
