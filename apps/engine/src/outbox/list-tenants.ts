import type { Stores } from '../stores/stores.ts';
import { noTenantContext } from '../stores/system-context.ts';

/** The ids of all tenants, which is all that the job role sees without a tenant's context. */
export async function listTenants(stores: Stores): Promise<string[]> {
  return stores.pools.engine_jobs.within(noTenantContext(), async (transaction) => {
    const { rows } = await transaction.query<{ tenant_id: string }>('SELECT tenant_id FROM clinical.tenants');
    return rows.map((row) => row.tenant_id);
  });
}
