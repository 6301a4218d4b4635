import { z } from 'zod';
import type { RouteTools } from '../../server/route-tools.ts';
import { decideOrRefuse, ownRelation, recordPermitted, type Subject } from '../../pipeline/decide.ts';

const counts = z.object({
  items: z.array(z.object({ clinicId: z.uuid(), forms: z.number().int(), cardNumbers: z.number().int() })),
});

const subject: Subject = {
  action: 'list',
  dataClass: 'auditLogEntry',
  auditAction: 'audit-log.read',
  resourceType: 'CardNumberCounts',
};

/** How often card numbers came in on paper, clinic by clinic: which desk to talk to. Counted from the audit log. */
export function registerCardNumberCounts(tools: RouteTools): void {
  const { server, engine } = tools;
  server.get('/v1/card-number-counts', {
    schema: {
      summary: 'Card numbers removed from forms, by clinic, over the last days',
      querystring: z.strictObject({ days: z.coerce.number().int().min(1).max(366).default(30) }),
      response: { 200: counts },
    },
    config: { decides: { action: 'list', dataClass: 'auditLogEntry' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const permit = await decideOrRefuse(engine, caller, subject, ownRelation(caller));
      await recordPermitted(engine, caller, subject, permit);
      const { rows } = await engine.stores.withAuditReader(caller, (transaction) =>
        transaction.query<{ clinicId: string; forms: number; cardNumbers: number }>(
          `SELECT clinic_id AS "clinicId", count(DISTINCT resource_id)::int AS forms,
             sum(record_count)::int AS "cardNumbers"
           FROM audit.audit_logs
           WHERE tenant_id = $1 AND action = 'security.pan-detected' AND clinic_id IS NOT NULL
             AND at >= now() - make_interval(days => $2)
           GROUP BY clinic_id ORDER BY clinic_id LIMIT 1000`,
          [caller.tenantId, request.query.days],
        ),
      );
      return { items: rows };
    },
  });
}
