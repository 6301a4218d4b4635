import { randomUUID } from 'node:crypto';
import { generateDataKey } from '@cordon/field-encryption';
import { beginKeyChange } from './key-events.ts';
import { graceMs, keysAStep, type KeyWork } from './key-work.ts';
import { patientKeyContext, type KeyRow } from './patient-keys.ts';
import { requireTenant } from './require-tenant.ts';
import { isUnderTenantKey, resealTenantCells } from './reseal-tenant-cells.ts';
import { keyManagementOf, tenantKeyContext, type TenantKeyPurpose } from './tenant-keys.ts';

/**
 * Makes a new key of the tenant current and retires the one before, in one transaction.
 * @throws EngineError, FieldEncryptionError. Answers the new key's id.
 */
export async function replaceTenantKey(
  work: KeyWork,
  tenantId: string,
  purpose: TenantKeyPurpose,
): Promise<string> {
  const id = randomUUID();
  const key = generateDataKey();
  const { wrapped, keyId } = await work.root
    .wrap(key, tenantKeyContext(tenantId, purpose, id))
    .finally(() => key.fill(0));
  await work.stores.withVault(tenantId, async (transaction) => {
    await transaction.query(
      'UPDATE vault.tenant_keys SET retired_at = now() WHERE tenant_id = $1 AND purpose = $2 AND retired_at IS NULL',
      [tenantId, purpose],
    );
    await transaction.query(
      `INSERT INTO vault.tenant_keys (tenant_id, id, purpose, wrapped, root_key_id) VALUES ($1, $2, $3, $4, $5)`,
      [tenantId, id, purpose, wrapped, keyId],
    );
  });
  work.tenantKeys.forgetAll();
  return id;
}

export interface TenantRotation {
  /** Patients' keys wrapped anew. */
  readonly rewrapped: number;
  /** Rows of leads, public chats and clinicians that were sealed anew: they have no keys of their own. */
  readonly resealed: number;
  /** Retired tenant keys that are gone now. */
  readonly removed: number;
  /** Retired tenant keys that stay until every process has forgotten them: run again after that. */
  readonly waiting: number;
}

/**
 * Gives a tenant a new key and wraps the keys of all its patients anew under it; no patient's data is touched. A run that was killed
 * is taken up by the next, which then makes no further key.
 */
export async function rotateTenantKey(work: KeyWork, tenantId: string): Promise<TenantRotation> {
  await requireTenant(work, tenantId);
  const change = await beginKeyChange(work, tenantId, {
    action: 'key.rotated',
    resourceType: 'TenantKey',
    resourceId: tenantId,
  });
  if ((await pending(work, tenantId, 1)).length === 0) await replaceTenantKey(work, tenantId, 'data');
  let rewrapped = 0;
  for (;;) {
    const rows = await pending(work, tenantId, keysAStep);
    if (rows.length === 0) break;
    rewrapped += await rewrap(work, tenantId, rows);
  }
  const resealed = await resealTenantCells(work, tenantId);
  const retired = await removeRetired(work, tenantId);
  await change.finish(rewrapped);
  return { rewrapped, resealed, ...retired };
}

/** Patients' keys that are under another tenant key than the current one. */
async function pending(work: KeyWork, tenantId: string, limit: number): Promise<KeyRow[]> {
  const { rows } = await work.stores.vaultOf(tenantId).query<KeyRow>(
    `SELECT p.id, p.patient_id, p.tenant_key_id, p.wrapped FROM vault.patient_keys p
     JOIN vault.tenant_keys t ON t.tenant_id = p.tenant_id AND t.id = p.tenant_key_id
     WHERE p.tenant_id = $1 AND t.retired_at IS NOT NULL LIMIT $2`,
    [tenantId, limit],
  );
  return rows;
}

async function rewrap(work: KeyWork, tenantId: string, rows: readonly KeyRow[]): Promise<number> {
  const current = await work.tenantKeys.current(tenantId, 'data');
  const target = keyManagementOf(current.key, current.id);
  const made: Buffer[] = [];
  for (const row of rows) {
    const context = patientKeyContext(tenantId, row.patient_id, row.id);
    const under = await work.tenantKeys.byId(tenantId, row.tenant_key_id);
    const key = await keyManagementOf(under, row.tenant_key_id).unwrap(
      row.wrapped,
      row.tenant_key_id,
      context,
    );
    made.push((await target.wrap(key, context)).wrapped);
    for (const used of [key, under]) used.fill(0);
  }
  current.key.fill(0);
  const { rowCount } = await work.stores.vaultOf(tenantId).query(
    `UPDATE vault.patient_keys p SET wrapped = n.wrapped, tenant_key_id = $2
     FROM unnest($3::uuid[], $4::bytea[], $5::bytea[]) AS n (id, wrapped, before)
     WHERE p.tenant_id = $1 AND p.id = n.id AND p.wrapped = n.before`,
    [tenantId, current.id, rows.map((row) => row.id), made, rows.map((row) => row.wrapped)],
  );
  return rowCount ?? 0;
}

async function removeRetired(work: KeyWork, tenantId: string): Promise<{ removed: number; waiting: number }> {
  const vault = work.stores.vaultOf(tenantId);
  const { rows } = await vault.query<{ id: string; unused: boolean }>(
    `SELECT t.id, t.retired_at < now() - make_interval(secs => $2) AND NOT EXISTS (
         SELECT FROM vault.patient_keys p WHERE p.tenant_id = t.tenant_id AND p.tenant_key_id = t.id) AS unused
     FROM vault.tenant_keys t WHERE t.tenant_id = $1 AND t.purpose = 'data' AND t.retired_at IS NOT NULL`,
    [tenantId, graceMs / 1000],
  );
  let removed = 0;
  for (const { id } of rows.filter(({ unused }) => unused)) {
    if (await isUnderTenantKey(work, tenantId, id)) continue;
    // The vault's own reference refuses where a patient's key came under it since.
    const { rowCount } = await vault.query('DELETE FROM vault.tenant_keys WHERE tenant_id = $1 AND id = $2', [
      tenantId,
      id,
    ]);
    removed += rowCount ?? 0;
  }
  return { removed, waiting: rows.length - removed };
}
