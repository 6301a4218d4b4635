import type { Transaction } from '@cordon/row-security';
import { z } from 'zod';
import { describeCaller } from '../../audit/describe.ts';
import { pageQuery, placeColumn, readCursor, splitPage, type PagePlace } from '../../server/page-cursor.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { decideOrRefuse, ownRelation, type Subject } from '../../walk/decide.ts';

const nullable = z.string().nullable();

const listed = z.object({
  items: z.array(
    z.object({
      id: z.uuid(),
      at: z.iso.datetime(),
      actorSubject: nullable,
      actorRole: nullable,
      action: z.string(),
      dataClassIds: z.array(z.string()),
      decision: z.string(),
      reasonCode: z.string(),
      resourceType: nullable,
      resourceId: nullable,
      clinicId: nullable,
      outcome: z.string(),
      requestId: nullable,
    }),
  ),
  nextCursor: nullable,
});

const query = pageQuery.extend({
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  action: z
    .string()
    .regex(/^[a-z.-]{1,80}$/)
    .optional(),
});

interface EntryRow {
  readonly id: string;
  readonly place: string;
  readonly at: Date;
  readonly actor_subject: string | null;
  readonly actor_role: string | null;
  readonly action: string;
  readonly data_class_ids: string[];
  readonly decision: string;
  readonly reason_code: string;
  readonly resource_type: string | null;
  readonly resource_id: string | null;
  readonly clinic_id: string | null;
  readonly outcome: string;
  readonly request_id: string | null;
}

async function listEntries(
  transaction: Transaction,
  tenantId: string,
  filter: z.output<typeof query>,
  after: PagePlace | null,
): Promise<readonly EntryRow[]> {
  const { rows } = await transaction.query<EntryRow>(
    `SELECT id, at, ${placeColumn('at')} AS place, actor_subject, actor_role, action, data_class_ids, decision,
       reason_code, resource_type, resource_id, clinic_id, outcome, request_id
     FROM audit.audit_logs
     WHERE tenant_id = $1 AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at < $3)
       AND ($4::text IS NULL OR action = $4) AND ($5::timestamptz IS NULL OR (at, id) < ($5, $6::uuid))
     ORDER BY at DESC, id DESC LIMIT $7`,
    [
      tenantId, filter.from ?? null, filter.to ?? null, filter.action ?? null, after?.at ?? null, after?.id ?? null,
      filter.limit + 1,
    ],
  ); // prettier-ignore
  return rows;
}

const subject: Subject = {
  action: 'list',
  dataClass: 'auditLogEntry',
  auditAction: 'audit-log.read',
  resourceType: 'AuditLog',
};

export function registerAuditLogRoutes(tools: RouteTools): void {
  const { server, engine } = tools;

  server.get('/v1/audit-entries', {
    schema: {
      summary: "Read the audit log of one's tenant, newest first",
      querystring: query,
      response: { 200: listed },
    },
    config: { decides: { action: 'list', dataClass: 'auditLogEntry' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const after = readCursor(request.query.cursor);
      const permit = await decideOrRefuse(engine, caller, subject, ownRelation(caller));
      // Reading the log is itself an entry, and one that the reader finds in it.
      await engine.audit.append([
        {
          ...describeCaller(caller),
          action: 'audit-log.read',
          resourceType: 'AuditLog',
          dataClassIds: ['auditLogEntry'],
          decision: 'permit',
          reasonCode: permit.reason,
          outcome: 'none',
        },
      ]);
      const rows = await engine.stores.withAuditReader(caller, (transaction) =>
        listEntries(transaction, caller.tenantId, request.query, after),
      );
      const { page, nextCursor } = splitPage(rows, request.query.limit);
      const items = page.map((row) => ({
        id: row.id,
        at: row.at.toISOString(),
        actorSubject: row.actor_subject,
        actorRole: row.actor_role,
        action: row.action,
        dataClassIds: row.data_class_ids,
        decision: row.decision,
        reasonCode: row.reason_code,
        resourceType: row.resource_type,
        resourceId: row.resource_id,
        clinicId: row.clinic_id,
        outcome: row.outcome,
        requestId: row.request_id,
      }));
      return { items, nextCursor };
    },
  });
}
