import type { Stores } from '../../stores/stores.ts';
import { noTenantContext } from '../../stores/system-context.ts';

export interface FoundTenant {
  readonly tenantId: string;
  readonly state: 'opening' | 'active' | 'closing' | 'closed';
  readonly clinics: readonly { readonly id: string; readonly slug: string }[];
  /** Accounts that administer the whole of it. */
  readonly administrators: readonly string[];
}

/** By its name, among all tenants; the directory alone may look so. */
export async function findTenant(stores: Stores, name: string): Promise<FoundTenant | undefined> {
  return stores.pools.engine_directory.within(noTenantContext(), async (transaction) => {
    const { rows } = await transaction.query<FoundTenant>(
      `SELECT t.tenant_id AS "tenantId", t.state,
         (SELECT coalesce(json_agg(json_build_object('id', c.id, 'slug', c.slug)), '[]')
          FROM clinical.clinics c WHERE c.tenant_id = t.tenant_id) AS clinics,
         ARRAY(SELECT m.account_id::text FROM clinical.memberships m
          WHERE m.tenant_id = t.tenant_id AND m.role = 'role.corporateAdmin' AND m.ended_at IS NULL
          ORDER BY m.started_at LIMIT 100) AS administrators
       FROM clinical.tenants t WHERE t.slug = $1`,
      [name],
    );
    return rows[0];
  });
}
