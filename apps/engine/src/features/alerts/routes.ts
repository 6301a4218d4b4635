import { randomUUID } from 'node:crypto';
import type { Transaction } from '@cordon/row-security';
import { scrub } from '@cordon/pan-scrubber';
import { z } from 'zod';
import { pageQuery, placeColumn, readCursor, splitPage, type PagePlace } from '../../server/page-cursor.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { changeRecord, sealFields } from '../../walk/change-record.ts';
import { discloseRecords, type RecordRow } from '../../walk/disclose-records.ts';

const urgency = z.enum(['routine', 'urgent', 'emergency']);
const state = z.enum(['PENDING', 'DELIVERED', 'ACKNOWLEDGED', 'ESCALATED']);
const table = 'clinical.alerts';

interface AlertRow extends RecordRow {
  readonly state: z.infer<typeof state>;
  readonly urgency: z.infer<typeof urgency>;
  readonly created_at: Date;
  readonly place: string;
  readonly message: Buffer;
}

const listed = z.object({
  items: z.array(
    z.object({
      id: z.uuid(),
      clinicId: z.uuid(),
      patientId: z.uuid(),
      state,
      urgency,
      message: z.string().nullable(),
      createdAt: z.iso.datetime(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

const newAlert = z.strictObject({
  clinicId: z.uuid(),
  patientId: z.uuid(),
  urgency,
  message: z
    .string()
    .trim()
    .min(1)
    .max(1000)
    .regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u),
});

async function listAlerts(
  transaction: Transaction,
  tenantId: string,
  page: { clinicId: string | undefined; after: PagePlace | null; limit: number },
): Promise<readonly AlertRow[]> {
  const { rows } = await transaction.query<AlertRow>(
    `SELECT id, clinic_id, patient_id, state, urgency, created_at, ${placeColumn('created_at')} AS place, message
     FROM clinical.alerts
     WHERE tenant_id = $1 AND ($2::uuid IS NULL OR clinic_id = $2)
       AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $5`,
    [tenantId, page.clinicId ?? null, page.after?.at ?? null, page.after?.id ?? null, page.limit + 1],
  );
  return rows;
}

export function registerAlertRoutes(tools: RouteTools): void {
  const { server, engine } = tools;

  server.get('/v1/alerts', {
    schema: {
      summary: 'List urgency alerts, newest first',
      querystring: pageQuery.extend({ clinicId: z.uuid().optional() }),
      response: { 200: listed },
    },
    config: { decides: { action: 'list', dataClass: 'urgencyAlert' } },
    onRequest: tools.enter('alerts'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { clinicId, cursor, limit } = request.query;
      const after = readCursor(cursor);
      let nextCursor: string | null = null;
      const rows = await discloseRecords<AlertRow, 'message'>(engine, caller, {
        subject: {
          action: 'list',
          dataClass: 'urgencyAlert',
          auditAction: 'record.listed',
          resourceType: 'Alert',
        },
        table,
        columns: { message: 'message' },
        fetch: async (transaction) => {
          const split = splitPage(
            await listAlerts(transaction, caller.tenantId, { clinicId, after, limit }),
            limit,
          );
          nextCursor = split.nextCursor;
          return split.page;
        },
      });
      const items = rows.map(({ row, fields }) => ({
        id: row.id,
        clinicId: row.clinic_id,
        patientId: row.patient_id,
        state: row.state,
        urgency: row.urgency,
        message: fields?.message ?? null,
        createdAt: row.created_at.toISOString(),
      }));
      return { items, nextCursor };
    },
  });

  server.post('/v1/alerts', {
    schema: {
      summary: 'Raise an urgency alert',
      body: newAlert,
      response: { 201: z.object({ id: z.uuid() }) },
    },
    config: { decides: { action: 'create', dataClass: 'urgencyAlert' } },
    onRequest: tools.enter('alerts'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const { body } = request;
      const id = randomUUID();
      const { tenantId } = caller;
      await changeRecord(engine, caller, {
        subject: {
          action: 'create',
          dataClass: 'urgencyAlert',
          auditAction: 'record.created',
          resourceType: 'Alert',
          resourceId: id,
        },
        clinicId: body.clinicId.toLowerCase(),
        patientId: body.patientId.toLowerCase(),
        work: async (transaction, key) => {
          const message = scrub(body.message).value;
          const cells = await sealFields(transaction, { tenantId, table, rowId: id }, key, { message });
          await transaction.query(
            `INSERT INTO clinical.alerts (tenant_id, id, clinic_id, patient_id, urgency, created_by, key_id, message)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
            [
              tenantId,
              id,
              body.clinicId,
              body.patientId,
              body.urgency,
              caller.subject,
              key.keyId,
              cells.message,
            ],
          );
        },
      });
      return reply.status(201).send({ id });
    },
  });
}
