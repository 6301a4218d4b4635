import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { EngineError } from '../../error.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { discloseRecords } from '../../walk/disclose-records.ts';
import { intakeColumns, listIntakeForms, type IntakeFormRow } from './queries.ts';
import { receiveForm } from './receive-form.ts';
import { IntakeReadingError, type FormReader } from './reading/index.ts';

const largestForm = 20 * 1024 * 1024;
const uploadLimits = {
  fileSize: largestForm,
  files: 1,
  fields: 1,
  fieldSize: 100,
  parts: 2,
  headerPairs: 20,
};
const text = z.string().nullable();

const received = z.object({
  intakeFormId: z.uuid(),
  patientId: z.uuid(),
  cardNumbersRemoved: z.number().int(),
  warnings: z.array(z.object({ field: z.string(), reason: z.string() })),
});

const listed = z.object({
  items: z.array(
    z.object({
      id: z.uuid(),
      receivedAt: z.iso.datetime(),
      cardNumbersRemoved: z.number().int(),
      fields: z
        .object({ allergies: text, medication: text, medicalHistory: text, reasonForVisit: text })
        .nullable(),
      text,
    }),
  ),
});

/** Reads the parts in order: the clinic first, so that the decision comes before the file. */
async function nextPart(parts: AsyncIterator<Multipart>): Promise<Multipart | undefined> {
  const part = await parts.next();
  return part.done === true ? undefined : part.value;
}

/** Ends when the client goes away, so that no form is read for nobody. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** @throws IntakeReadingError `intake-file-too-large`, as soon as the limit is passed. */
async function readFile(part: MultipartFile): Promise<Buffer> {
  try {
    return await part.toBuffer();
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE';
    throw tooLarge ? new IntakeReadingError('intake-file-too-large', { cause: error }) : error;
  }
}

export function registerIntakeRoutes(tools: RouteTools, reader: FormReader): void {
  const { server, engine } = tools;

  server.post('/v1/intake-forms', {
    schema: {
      summary:
        'Take in a scanned form: multipart, field "clinicId", then file "form" (PNG, JPEG or PDF, 20 MB)',
      consumes: ['multipart/form-data'],
      response: { 201: received },
    },
    config: { decides: { action: 'create', dataClass: 'intakeForm' } },
    bodyLimit: largestForm + 64 * 1024,
    onRequest: tools.enter('intake'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const upload = request.parts({ limits: uploadLimits });
      const parts = upload[Symbol.asyncIterator]();
      const first = await nextPart(parts);
      const clinicId =
        first?.type === 'field' && first.fieldname === 'clinicId'
          ? z.uuid().safeParse(first.value)
          : undefined;
      if (clinicId?.success !== true) throw new EngineError('intake-part-missing');
      const result = await receiveForm(engine, reader, caller, {
        clinicId: clinicId.data.toLowerCase(),
        signal: goneSignal(reply),
        readBytes: async () => {
          const file = await nextPart(parts);
          if (file?.type !== 'file' || file.fieldname !== 'form')
            throw new EngineError('intake-part-missing');
          return readFile(file);
        },
      });
      return reply
        .status(201)
        .send({ ...result, warnings: result.warnings.map(({ field, code }) => ({ field, reason: code })) });
    },
  });

  server.get('/v1/patients/:patientId/intake-forms', {
    schema: {
      summary: "Open a patient's intake forms, newest first",
      params: z.object({ patientId: z.uuid() }),
      response: { 200: listed },
    },
    config: { decides: { action: 'read', dataClass: 'intakeForm' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const patientId = request.params.patientId.toLowerCase();
      const rows = await discloseRecords<IntakeFormRow, keyof typeof intakeColumns>(engine, caller, {
        subject: {
          action: 'read',
          dataClass: 'intakeForm',
          auditAction: 'record.opened',
          resourceType: 'IntakeForm',
          resourceId: patientId,
        },
        table: 'clinical.intake_forms',
        columns: intakeColumns,
        fetch: (transaction) => listIntakeForms(transaction, caller.tenantId, patientId),
      });
      const items = rows.map(({ row, fields }) => {
        const { formText, ...named } = fields ?? { formText: null };
        return {
          id: row.id,
          receivedAt: row.received_at.toISOString(),
          cardNumbersRemoved: row.card_numbers_removed,
          fields: 'allergies' in named ? named : null,
          text: formText,
        };
      });
      return { items };
    },
  });
}
