import { generateDataKey } from '@cordon/field-encryption';
import { listTenants } from '../outbox/list-tenants.ts';
import { beginKeyChange } from './key-events.ts';
import type { KeyWork } from './key-work.ts';
import { tenantKeyContext, type TenantKeyRow } from './tenant-keys.ts';

/** No tenant's, and stored nowhere: tells under which root key this process wraps. */
const probeContext = 'cordon root-key probe';

/**
 * Wraps every tenant's keys anew under the root key of the moment; no patient's data or key is touched. Each key is one
 * conditional update: a killed run leaves some under the old key, which still opens them, and the next run takes those up.
 * @throws EngineError, FieldEncryptionError. Answers how many keys were wrapped anew.
 */
export async function rotateRootKey(work: KeyWork): Promise<{ rewrapped: number }> {
  const { keyId } = await work.root.wrap(generateDataKey(), probeContext);
  let rewrapped = 0;
  for (const tenantId of await listTenants(work.stores))
    rewrapped += await rotateForTenant(work, tenantId, keyId);
  work.tenantKeys.forgetAll();
  return { rewrapped };
}

/** Tenants' keys that are under another root key than the one of the moment: what a killed rotation left. */
export async function countUnderOtherRoot(work: KeyWork): Promise<number> {
  const { keyId } = await work.root.wrap(generateDataKey(), probeContext);
  let count = 0;
  for (const tenantId of await listTenants(work.stores)) {
    const { rows } = await work.stores
      .vaultOf(tenantId)
      .query<{ n: number }>(
        'SELECT count(*)::integer AS n FROM vault.tenant_keys WHERE tenant_id = $1 AND root_key_id <> $2',
        [tenantId, keyId],
      );
    count += rows[0]?.n ?? 0;
  }
  return count;
}

async function rotateForTenant(work: KeyWork, tenantId: string, keyId: string): Promise<number> {
  const vault = work.stores.vaultOf(tenantId);
  const { rows } = await vault.query<TenantKeyRow>(
    `SELECT id, purpose, wrapped, root_key_id FROM vault.tenant_keys
     WHERE tenant_id = $1 AND root_key_id <> $2 ORDER BY created_at LIMIT 10000`,
    [tenantId, keyId],
  );
  if (rows.length === 0) return 0;
  const change = await beginKeyChange(work, tenantId, {
    action: 'key.rotated',
    resourceType: 'RootKey',
    resourceId: tenantId,
  });
  let rewrapped = 0;
  for (const row of rows) {
    const context = tenantKeyContext(tenantId, row.purpose, row.id);
    const key = await work.root.unwrap(row.wrapped, row.root_key_id, context);
    const made = await work.root.wrap(key, context).finally(() => key.fill(0));
    const { rowCount } = await vault.query(
      `UPDATE vault.tenant_keys SET wrapped = $3, root_key_id = $4
       WHERE tenant_id = $1 AND id = $2 AND wrapped = $5`,
      [tenantId, row.id, made.wrapped, made.keyId, row.wrapped],
    );
    rewrapped += rowCount ?? 0;
  }
  await change.finish(rewrapped);
  return rewrapped;
}
