import { FieldEncryptionError, type KeyManagement } from '@cordon/field-encryption';
import type { Logger } from '@cordon/service';
import { EngineError } from '../error.ts';
import { listTenants } from '../outbox/list-tenants.ts';
import type { Stores } from '../stores/stores.ts';
import { tenantKeyContext, type TenantKeyRow } from './tenant-keys.ts';

/** A wrong root key opens none of them, so a few say it as well as all. */
const tenantsAsked = 3;
const tenantsLookedAt = 200;

/**
 * Opens a few tenants' keys. With another root key than the one that wrapped them, records would look destroyed and new ones
 * would be written under keys that nobody else can open; so the process does not start.
 * @throws EngineError `root-key-wrong`; `keys-unavailable` where the vault does not answer.
 */
export async function checkRootKey(stores: Stores, root: KeyManagement, logger: Logger): Promise<void> {
  let asked = 0;
  for (const tenantId of (await listTenants(stores)).slice(0, tenantsLookedAt)) {
    if (asked === tenantsAsked) return;
    const { rows } = await stores.vaultOf(tenantId).query<TenantKeyRow>(
      `SELECT id, purpose, wrapped, root_key_id FROM vault.tenant_keys
         WHERE tenant_id = $1 AND retired_at IS NULL ORDER BY purpose LIMIT 1`,
      [tenantId],
    );
    const row = rows[0];
    if (row === undefined) continue;
    asked += 1;
    try {
      const key = await root.unwrap(
        row.wrapped,
        row.root_key_id,
        tenantKeyContext(tenantId, row.purpose, row.id),
      );
      key.fill(0);
    } catch (error) {
      if (error instanceof FieldEncryptionError && error.code === 'key-unwrap-failed')
        throw new EngineError('root-key-wrong', { detail: error.detail ?? '', cause: error });
      // Nothing is known of the key, and service resumes by itself once key management answers.
      logger.warn('root key not checked', { component: 'keys', err: error });
      return;
    }
  }
}
