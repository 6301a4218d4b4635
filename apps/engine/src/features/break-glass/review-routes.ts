import { z } from 'zod';
import { EngineError } from '../../error.ts';
import { lowerId } from '../../records/index.ts';
import { pageQuery, readCursor, splitPage } from '../../server/page-cursor.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { changeRecord } from '../../pipeline/change-record.ts';
import { decideOrRefuse, ownRelation, type Subject } from '../../pipeline/decide.ts';
import { discloseRecords } from '../../pipeline/disclose-records.ts';
import { findGrant, grantTable, listGrants, type GrantRow } from './grant-rows.ts';

const verdict = z.enum(['justified', 'not-justified']);
const listed = z.object({
  items: z.array(
    z.object({
      id: z.uuid(),
      clinicId: z.uuid(),
      patientId: z.uuid(),
      accountId: z.uuid(),
      grantedAt: z.iso.datetime(),
      expiresAt: z.iso.datetime(),
      /** Null where the patient's key was destroyed. */
      reason: z.string().nullable(),
      review: verdict.nullable(),
      reviewedBy: z.uuid().nullable(),
      reviewedAt: z.iso.datetime().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

/** The review queue: who administers a clinic reads why its records were opened from outside, and says what it was. */
export function registerBreakGlassReviews(tools: RouteTools): void {
  const { server, engine } = tools;

  server.get('/v1/break-glass-grants', {
    schema: {
      summary: 'List emergency accesses to review, newest first',
      querystring: pageQuery.extend({ waiting: z.enum(['true', 'false']).default('true') }),
      response: { 200: listed },
    },
    config: { decides: { action: 'list', dataClass: 'auditLogEntry' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { waiting, cursor, limit } = request.query;
      const after = readCursor(cursor);
      let nextCursor: string | null = null;
      const rows = await discloseRecords<GrantRow, 'reason'>(engine, caller, {
        subject: {
          action: 'list',
          dataClass: 'auditLogEntry',
          auditAction: 'record.listed',
          resourceType: 'BreakGlassGrant',
        },
        table: grantTable,
        columns: { reason: 'reason' },
        fetch: async (transaction) => {
          const page = { waiting: waiting === 'true', after, limit };
          const split = splitPage(await listGrants(transaction, caller.tenantId, page), limit);
          nextCursor = split.nextCursor;
          return split.page;
        },
      });
      const items = rows.map(({ row, fields }) => ({
        id: row.id,
        clinicId: row.clinic_id,
        patientId: row.patient_id,
        accountId: row.account_id,
        grantedAt: row.granted_at.toISOString(),
        expiresAt: row.expires_at.toISOString(),
        reason: fields?.reason ?? null,
        review: row.review,
        reviewedBy: row.reviewed_by,
        reviewedAt: row.reviewed_at?.toISOString() ?? null,
      }));
      return { items, nextCursor };
    },
  });

  server.post('/v1/break-glass-grants/:id/review', {
    schema: {
      summary: 'Say whether an emergency access was justified; once, and never one’s own',
      params: z.object({ id: lowerId }),
      body: z.strictObject({ review: verdict }),
      response: { 200: z.object({ id: z.uuid(), review: verdict }) },
    },
    config: { decides: { action: 'acknowledge', dataClass: 'auditLogEntry' } },
    onRequest: tools.enter('write'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { id } = request.params;
      const { review } = request.body;
      const subject = {
        action: 'acknowledge',
        dataClass: 'auditLogEntry',
        auditAction: 'break-glass.reviewed',
        resourceType: 'BreakGlassGrant',
        resourceId: id,
      } as const satisfies Subject;
      await decideOrRefuse(engine, caller, subject, ownRelation(caller));
      const grant = await findGrant(engine.stores.readAs(caller), caller.tenantId, id);
      if (grant === undefined) throw new EngineError('record-unknown');
      await changeRecord(engine, caller, {
        subject,
        clinicId: grant.clinic_id,
        patientId: grant.patient_id,
        work: async (transaction) => {
          const { rowCount } = await transaction.query(
            `UPDATE clinical.break_glass_grants SET review = $3, reviewed_by = $4, reviewed_at = now()
             WHERE tenant_id = $1 AND id = $2 AND review IS NULL AND account_id <> $4`,
            [caller.tenantId, id, review, caller.subject],
          );
          if (rowCount !== 1) throw new EngineError('record-changed');
        },
      });
      return { id, review };
    },
  });
}
