import { EngineError } from '../../error.ts';
import type { Stores } from '../../stores/stores.ts';

/** Of these objects, the ones that no row of the tenant names. A test compares the columns with the catalog's. */
export async function findUnnamed(
  stores: Stores,
  tenantId: string,
  objectIds: readonly string[],
): Promise<string[]> {
  const { rows } = await stores.withTenantJob(tenantId, (transaction) =>
    transaction.query<{ object_id: string; named: boolean; seen: boolean | null }>(
      `SELECT given.object_id, cordon.tenant_id() = $1 AND cordon.role() = 'role.system' AS seen,
         given.object_id IN (
           SELECT id FROM clinical.intake_pictures WHERE tenant_id = $1 AND id = ANY ($2::uuid[])
           UNION ALL
           SELECT object_id FROM clinical.imaging_assets WHERE tenant_id = $1 AND object_id = ANY ($2::uuid[])
           UNION ALL
           SELECT thumbnail_object_id FROM clinical.imaging_assets
           WHERE tenant_id = $1 AND thumbnail_object_id = ANY ($2::uuid[])) AS named
       FROM unnest($2::uuid[]) AS given (object_id)`,
      [tenantId, objectIds],
    ),
  );
  // Row security shows nothing to who is in no context: that no row is seen must not mean that there is none.
  if (rows.length !== objectIds.length || rows.some((row) => row.seen !== true))
    throw new EngineError('records-unavailable', { detail: 'the rows of the tenant were not seen' });
  return rows.filter((row) => !row.named).map((row) => row.object_id);
}
