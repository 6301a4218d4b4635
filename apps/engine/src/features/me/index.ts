import { PUBLIC_ROLE_ID, ROLE_IDS } from '@cordon/access-policy';
import { z } from 'zod';
import type { RouteTools } from '../../server/route-tools.ts';

const me = z.object({
  subject: z.uuid(),
  role: z.enum([...ROLE_IDS, PUBLIC_ROLE_ID]),
  tenantId: z.uuid(),
  tenantName: z.string(),
  clinics: z.array(z.object({ id: z.uuid(), name: z.string(), telephone: z.string().nullable() })),
  patientRecordId: z.uuid().nullable(),
});

/** `northgate-leeds` → `Northgate Leeds`. Stores keep codes, for names are never structural. */
export function titleOf(slug: string): string {
  return slug
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join(' ');
}

/** Who the caller is, as row security sees it: a clinic of an ended membership is not in the answer. */
export function registerMeRoutes(tools: RouteTools): void {
  tools.server.get('/v1/me', {
    schema: { summary: 'Who the access token speaks for', response: { 200: me } },
    config: { decides: null },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { tenant, clinics } = await tools.engine.stores.withCaller(caller, async (transaction) => {
        const tenants = await transaction.query<{ slug: string }>(
          'SELECT slug FROM clinical.tenants WHERE tenant_id = $1',
          [caller.tenantId],
        );
        const found = await transaction.query<{ id: string; slug: string; telephone: string | null }>(
          `SELECT c.id, c.slug, c.telephone FROM clinical.clinics c
           WHERE c.tenant_id = $1 AND c.id IN (SELECT m.clinic_id FROM clinical.my_memberships m)
           ORDER BY c.slug LIMIT 500`,
          [caller.tenantId],
        );
        return { tenant: tenants.rows[0]?.slug ?? '', clinics: found.rows };
      });
      return {
        subject: caller.subject,
        role: caller.role,
        tenantId: caller.tenantId,
        tenantName: titleOf(tenant),
        clinics: clinics.map(({ id, slug, telephone }) => ({ id, name: titleOf(slug), telephone })),
        patientRecordId: caller.patientRecordId ?? null,
      };
    },
  });
}
