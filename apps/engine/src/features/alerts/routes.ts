import { randomUUID } from 'node:crypto';
import { scrub } from '@cordon/pan-scrubber';
import { z } from 'zod';
import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { pageQuery, readCursor, splitPage } from '../../server/page-cursor.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { changeRecord } from '../../pipeline/change-record.ts';
import { decideOrRefuse, ownRelation, refuseUnknownRecord } from '../../pipeline/decide.ts';
import { discloseRecords } from '../../pipeline/disclose-records.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { alertTable, insertAlert, markAcknowledged } from './alert-states.ts';
import type { LiveAlerts } from './live-alerts.ts';
import {
  alertItem,
  findAlert,
  listAlerts,
  listedAlerts,
  listedStates,
  toAlertItem,
  urgency,
  type AlertRow,
} from './queries.ts';
import { registerAlertStream } from './stream-route.ts'; // prettier-ignore

const listed = z.object({ items: z.array(alertItem), nextCursor: z.string().nullable() });

const longestAlertMessage = 1_000;
const newAlert = z.strictObject({
  clinicId: z.uuid(),
  patientId: z.uuid(),
  urgency,
  message: z
    .string()
    .trim()
    .min(1)
    .max(longestAlertMessage)
    .regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u),
});

const acknowledged = z.object({ id: z.uuid(), state: z.literal('ACKNOWLEDGED') });

export function registerAlertRoutes(tools: RouteTools, live: LiveAlerts): void {
  const { server, engine } = tools;
  registerAlertStream(tools, live);

  server.get('/v1/alerts', {
    schema: {
      summary: 'List urgency alerts, newest first',
      querystring: pageQuery.extend({ clinicId: z.uuid().optional(), state: listedStates.optional() }),
      response: { 200: listed },
    },
    config: { decides: { action: 'list', dataClass: 'urgencyAlert' } },
    onRequest: tools.enter('alerts'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { clinicId, state, cursor, limit } = request.query;
      const after = readCursor(cursor);
      let nextCursor: string | null = null;
      const rows = await discloseRecords<AlertRow, 'message'>(engine, caller, {
        subject: listedAlerts,
        table: alertTable,
        columns: { message: 'message' },
        fetch: async (transaction) => {
          const page = { clinicId, state, after, limit };
          const split = splitPage(await listAlerts(transaction, caller.tenantId, page), limit);
          nextCursor = split.nextCursor;
          return split.page;
        },
      });
      return { items: rows.map(toAlertItem), nextCursor };
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
      const clinicId = body.clinicId.toLowerCase();
      const patientId = body.patientId.toLowerCase();
      await changeRecord(engine, caller, {
        subject: {
          action: 'create',
          dataClass: 'urgencyAlert',
          auditAction: 'record.created',
          resourceType: 'Alert',
          resourceId: id,
        },
        clinicId,
        patientId,
        work: async (transaction, key) => {
          const message = scrub(body.message).value;
          const { urgency } = body;
          const createdBy = caller.subject;
          const alert = { tenantId, id, clinicId, patientId, urgency, source: 'reception', createdBy, message } as const;
          await insertAlert(transaction, alert, key);
        },
      }); // prettier-ignore
      live.wake(tenantId);
      return reply.status(201).send({ id });
    },
  });

  server.post('/v1/alerts/:alertId/acknowledge', {
    schema: {
      summary: 'Take an alert upon oneself; taking it again changes nothing',
      params: z.object({ alertId: z.uuid() }),
      response: { 200: acknowledged },
    },
    config: { decides: { action: 'acknowledge', dataClass: 'urgencyAlert' } },
    onRequest: tools.enter('alerts'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const alertId = request.params.alertId.toLowerCase();
      await acknowledgeAlert(engine, caller, alertId);
      live.wake(caller.tenantId);
      return { id: alertId, state: 'ACKNOWLEDGED' as const };
    },
  });
}

/** @throws EngineError `record-unknown`; `alert-settled` where somebody else has it. */
async function acknowledgeAlert(
  engine: EngineContext,
  caller: RequestCaller,
  alertId: string,
): Promise<void> {
  const { tenantId } = caller;
  const subject = {
    action: 'acknowledge',
    dataClass: 'urgencyAlert',
    auditAction: 'alert.acknowledged',
    resourceType: 'Alert',
    resourceId: alertId,
  } as const;
  await decideOrRefuse(engine, caller, subject, ownRelation(caller));
  const alert = await findAlert(engine.stores.readAs(caller), tenantId, alertId);
  if (alert === undefined) return refuseUnknownRecord(engine, caller, subject);
  // A second tap, or an answer that was lost on the way.
  if (alert.acknowledged_by === caller.subject) return;
  await changeRecord(engine, caller, {
    subject,
    clinicId: alert.clinic_id,
    patientId: alert.patient_id,
    work: async (transaction) => {
      if (!(await markAcknowledged(transaction, { tenantId, alertId }, caller.subject)))
        throw new EngineError('alert-settled');
    },
  });
}
