import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { describeCaller } from '../../audit/describe.ts';
import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { leaveJob } from '../../jobs/index.ts';
import { freeText, lowerId, scrubText } from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { changeRecord, sealFields } from '../../walk/change-record.ts';
import { decideOrRefuse, type Subject } from '../../walk/decide.ts';
import type { EngineContext } from '../../walk/engine-context.ts';
import { grantTable } from './grant-rows.ts';

const opened = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  clinicId: z.uuid(),
  expiresAt: z.iso.datetime(),
});

/**
 * Opens one record of the tenant in an emergency, for the caller alone and as long as the store says. A factor shown within
 * minutes and a reason are asked for; the reason is ciphertext under the patient's key, in the row that the audit entry names.
 */
export function registerBreakGlassOpen(tools: RouteTools): void {
  const { server, engine } = tools;
  server.post('/v1/break-glass-grants', {
    schema: {
      summary: 'Open one patient’s record in an emergency, for 60 minutes',
      body: z.strictObject({
        patientId: lowerId,
        reason: freeText(1000).refine((text) => text.length >= 10),
      }),
      response: { 201: opened },
    },
    config: { decides: { action: 'break-glass', dataClass: 'patientProfile' } },
    onRequest: tools.enter('write'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const { patientId, reason } = request.body;
      const id = randomUUID();
      const subject = {
        action: 'break-glass',
        dataClass: 'patientProfile',
        auditAction: 'break-glass.opened',
        resourceType: 'BreakGlassGrant',
        resourceId: id,
      } as const;
      const { tenantId } = caller;
      await decideOrRefuse(engine, caller, subject, { tenantId, patientRecordId: patientId });
      const clinicId = await findClinic(engine, caller, subject, patientId);
      const expiresAt = await changeRecord(engine, caller, {
        subject,
        clinicId,
        patientId,
        opensPatient: true,
        work: async (transaction, key) => {
          const cells = await sealFields(transaction, { tenantId, table: grantTable, rowId: id }, key, {
            reason: scrubText(reason),
          });
          await transaction.query(
            `INSERT INTO clinical.break_glass_grants (tenant_id, id, clinic_id, patient_id, account_id, key_id, reason)
             VALUES ($1, $2, $3, $4, $5, $6, $7)`,
            [tenantId, id, clinicId, patientId, caller.subject, key.keyId, cells.reason],
          );
          await leaveJob(transaction, { tenantId, task: 'notify-break-glass', resourceId: id });
          const { rows } = await transaction.query<{ expires_at: Date }>(
            'SELECT expires_at FROM clinical.break_glass_grants WHERE tenant_id = $1 AND id = $2',
            [tenantId, id],
          );
          return rows[0]?.expires_at;
        },
      });
      if (expiresAt === undefined)
        throw new EngineError('access-denied', { detail: 'the grant is not the caller’s' });
      // For whoever watches the log for the privacy officer: ids alone, and where the reason is to be read.
      engine.logger.warn('SECURITY_EVENT:BREAK_GLASS', {
        securityEvent: 'BREAK_GLASS',
        requestId: caller.requestId,
        tenantId,
        clinicId,
        resourceId: id,
      });
      return reply.status(201).send({ id, patientId, clinicId, expiresAt: expiresAt.toISOString() });
    },
  });
}

/**
 * The clinic of a patient whom the caller cannot see yet. Asked as the tenant's own background work, after the policy has
 * permitted the emergency; a patient who is not there leaves a refusal.
 */
async function findClinic(
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject,
  patientId: string,
): Promise<string> {
  const clinicId = await engine.stores.withTenantJob(caller.tenantId, async (transaction) => {
    const { rows } = await transaction.query<{ clinic_id: string }>(
      'SELECT clinic_id FROM clinical.patients WHERE tenant_id = $1 AND id = $2',
      [caller.tenantId, patientId],
    );
    return rows[0]?.clinic_id;
  });
  if (clinicId !== undefined) return clinicId;
  await engine.audit.append([
    {
      ...describeCaller(caller),
      action: subject.auditAction,
      resourceType: subject.resourceType,
      resourceId: subject.resourceId,
      dataClassIds: [subject.dataClass],
      decision: 'deny',
      reasonCode: 'no-such-record',
      outcome: 'none',
    },
  ]);
  throw new EngineError('record-unknown');
}
