import { randomUUID } from 'node:crypto';
import type { FindDone } from '../outbox/settle-intents.ts';
import { deleteTokens } from './destroy-patient-key.ts';
import { describeKeyEvent } from './key-events.ts';
import { keysAStep, type KeyWork } from './key-work.ts';

/** No request lives as long, so a row that is not there by then never will be. */
const unusedAfterMs = 60 * 60_000;

/**
 * Keys are made before the rows that need them. Those whose row never came are destroyed, those whose row is there are
 * confirmed: their process ended between the two. And who was changed by a request that held the key while it was destroyed has
 * tokens again: they go as well.
 */
export async function sweepKeys(work: KeyWork, tenantId: string): Promise<{ swept: number }> {
  await deleteLateTokens(work, tenantId);
  const vault = work.stores.vaultOf(tenantId);
  const { rows } = await vault.query<{ patient_id: string }>(
    `SELECT patient_id FROM vault.patient_keys WHERE tenant_id = $1 AND confirmed_at IS NULL
       AND created_at < now() - make_interval(secs => $2) ORDER BY created_at LIMIT $3`,
    [tenantId, unusedAfterMs / 1000, keysAStep],
  );
  if (rows.length === 0) return { swept: 0 };
  const waiting = rows.map((row) => row.patient_id);
  const there = await work.stores.withTenantJob(tenantId, async (transaction) => {
    const found = await transaction.query<{ id: string }>(
      'SELECT id FROM clinical.patients WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
      [tenantId, waiting],
    );
    return new Set(found.rows.map(({ id }) => id));
  });
  let swept = 0;
  for (const patientId of waiting)
    if (there.has(patientId)) await work.patientKeys.confirm(tenantId, patientId);
    else swept += await destroyUnused(work, tenantId, patientId);
  return { swept };
}

async function destroyUnused(work: KeyWork, tenantId: string, patientId: string): Promise<number> {
  const event = describeKeyEvent(tenantId, {
    action: 'key.swept',
    resourceType: 'PatientKey',
    resourceId: patientId,
  });
  await work.audit.append([{ ...event, outcome: 'intent' }]);
  const removed = await work.stores.withVault(tenantId, async (transaction) => {
    const { rowCount } = await transaction.query(
      'DELETE FROM vault.patient_keys WHERE tenant_id = $1 AND patient_id = $2 AND confirmed_at IS NULL',
      [tenantId, patientId],
    );
    await transaction.query(
      `DELETE FROM vault.audit_pseudonyms a WHERE tenant_id = $1 AND patient_id = $2 AND NOT EXISTS (
         SELECT FROM vault.patient_keys k WHERE k.tenant_id = $1 AND k.patient_id = $2)`,
      [tenantId, patientId],
    );
    return rowCount ?? 0;
  });
  work.patientKeys.forget(tenantId, patientId);
  await work.audit.append([
    { ...event, id: randomUUID(), intentId: event.id, outcome: 'success', recordCount: removed },
  ]);
  return removed;
}

/** For the outcomes of sweeps that were killed: a key that is not there any more was swept. */
export const findSweptKeys: FindDone = async (stores, tenantId, intents) => {
  const asked = intents.filter(({ action }) => action === 'key.swept');
  if (asked.length === 0) return new Set();
  const { rows } = await stores
    .vaultOf(tenantId)
    .query<{ patient_id: string }>(
      'SELECT patient_id FROM vault.patient_keys WHERE tenant_id = $1 AND patient_id = ANY ($2::uuid[])',
      [tenantId, asked.map((intent) => intent.resource_id)],
    );
  const there = new Set<string | null>(rows.map((row) => row.patient_id));
  return new Set(asked.filter(({ resource_id }) => !there.has(resource_id)).map(({ id }) => id));
};

/** A destruction deletes tokens once; a request that had the key already may write some after it, and no later than this. */
async function deleteLateTokens(work: KeyWork, tenantId: string): Promise<void> {
  const { rows } = await work.stores.vaultOf(tenantId).query<{ patient_id: string }>(
    `SELECT patient_id FROM vault.tombstones
     WHERE tenant_id = $1 AND destroyed_at > now() - make_interval(secs => $2)`,
    [tenantId, unusedAfterMs / 1000],
  );
  for (const row of rows) await deleteTokens(work, tenantId, row.patient_id);
}
