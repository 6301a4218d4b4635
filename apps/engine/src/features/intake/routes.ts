import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ObjectStore } from '../../objects/index.ts';
import { EngineError } from '../../error.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { discloseRecords } from '../../pipeline/disclose-records.ts';
import { registerCardNumberCounts } from './card-number-counts.ts';
import { registerPictureRoute } from './picture-route.ts';
import { findPatient } from '../patients/index.ts';
import { createProgressBoard } from './progress-board.ts';
import { intakeColumns, listIntakeForms, type IntakeFormRow } from './queries.ts';
import { largestBody, readUpload } from './read-upload.ts';
import { tellRefusal } from './tell-refusal.ts';
import { createUploadSlots } from './upload-slots.ts';
import { receiveForm } from './receive-form.ts';
import type { FormReader } from './reading/index.ts';

const text = z.string().nullable();

const received = z.object({
  intakeFormId: z.uuid(),
  patientId: z.uuid(),
  cardNumbersRemoved: z.number().int(),
  warnings: z.array(z.object({ field: z.string(), reason: z.string() })),
  picture: z.enum(['none', 'kept', 'refused']),
  /** The alert that the answers raised, by the clinic's red flags. */
  alertId: z.uuid().nullable(),
});

const progress = z.object({
  /** `unknown`: over, not begun, somebody else's, or at another replica. */
  stage: z.enum(['waiting', 'reading', 'blacking-out', 'unknown']),
  page: z.number().int(),
});

const listed = z.object({
  items: z.array(
    z.object({
      id: z.uuid(),
      receivedAt: z.iso.datetime(),
      cardNumbersRemoved: z.number().int(),
      /** Pages of which a blacked-out picture can be shown. */
      pictures: z.number().int(),
      fields: z
        .object({ allergies: text, medication: text, medicalHistory: text, reasonForVisit: text })
        .nullable(),
      text,
    }),
  ),
});

/** Ends when the client goes away, so that no form is read for nobody. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}

export interface IntakeParts {
  readonly reader: FormReader;
  readonly objects: ObjectStore;
  /** Tells the open consoles of a tenant that a form has raised an alert. */
  readonly wakeAlerts: (tenantId: string) => void;
}

export function registerIntakeRoutes(tools: RouteTools, { reader, objects, wakeAlerts }: IntakeParts): void {
  const { server, engine } = tools;
  const board = createProgressBoard();
  const slots = createUploadSlots();
  registerPictureRoute(tools, objects);
  registerCardNumberCounts(tools);

  server.post('/v1/intake-forms', {
    schema: {
      summary:
        'Take in a scanned form: multipart, field "clinicId", perhaps "uploadId" and "corrections" (JSON), then file "form" (PNG, JPEG or PDF, 20 MB)',
      consumes: ['multipart/form-data'],
      response: { 201: received },
    },
    config: { decides: { action: 'create', dataClass: 'intakeForm' } },
    bodyLimit: largestBody,
    onRequest: tools.enter('intake'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const slot = slots.take(caller);
      let uploadId: string | undefined;
      try {
        const { uploadId: given, ...upload } = await readUpload(request);
        uploadId = given;
        const result = await receiveForm({ engine, reader, objects }, caller, {
          ...upload,
          signal: goneSignal(reply),
          onProgress: (progress) => {
            if (uploadId !== undefined) board.put(caller, uploadId, progress);
          },
        });
        if (result.alertId !== null) wakeAlerts(caller.tenantId);
        const warnings = result.warnings.map(({ field, code }) => ({ field, reason: code }));
        return await reply.status(201).send({ ...result, warnings });
      } catch (error) {
        return await tellRefusal(reply, request.id, error);
      } finally {
        slot.release();
        if (uploadId !== undefined) board.remove(caller, uploadId);
      }
    },
  });

  server.get('/v1/intake-progress/:uploadId', {
    schema: {
      summary: 'How far the reading of an upload of one’s own is',
      params: z.object({ uploadId: z.uuid() }),
      response: { 200: progress },
    },
    config: { decides: null },
    onRequest: tools.enter('read'),
    handler: (request) =>
      board.find(tools.callerOf(request), request.params.uploadId.toLowerCase()) ?? {
        stage: 'unknown' as const,
        page: 0,
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
      const seen = { patient: false };
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
        fetch: async (transaction) => {
          const found = await listIntakeForms(transaction, caller.tenantId, patientId);
          seen.patient =
            found.length > 0 || (await findPatient(transaction, caller.tenantId, patientId)).length > 0;
          return found;
        },
      });
      // No form of a patient who is there is an empty list; of one who is not, or hidden, it is a refusal like any other.
      if (!seen.patient) throw new EngineError('record-unknown');
      const items = rows.map(({ row, fields }) => {
        const { formText, ...named } = fields ?? { formText: null };
        return {
          id: row.id,
          receivedAt: row.received_at.toISOString(),
          cardNumbersRemoved: row.card_numbers_removed,
          pictures: row.pictures,
          fields: 'allergies' in named ? named : null,
          text: formText,
        };
      });
      return { items };
    },
  });
}
