import { EngineError } from '../error.ts';
import { refuseWhenAway } from '../stores/stores.ts';
import { noTenantContext } from '../stores/system-context.ts';
import type { KeyWork } from './key-work.ts';

/**
 * For an operator's work that names a tenant: done for an id that was mistyped it would change nothing, and look done.
 * @throws EngineError `tenant-unknown`, `records-unavailable`
 */
export async function requireTenant({ stores }: Pick<KeyWork, 'stores'>, tenantId: string): Promise<void> {
  const { rows } = await refuseWhenAway('records-unavailable', () =>
    stores.pools.engine_directory.query(
      noTenantContext(),
      'SELECT 1 FROM clinical.tenants WHERE tenant_id = $1',
      [tenantId],
    ),
  );
  if (rows.length === 0) throw new EngineError('tenant-unknown');
}
