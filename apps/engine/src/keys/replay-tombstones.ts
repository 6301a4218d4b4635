import { EngineError } from '../error.ts';
import { listTenants } from '../outbox/list-tenants.ts';
import { buryKeys, deleteTokens, findTombstones, resumeDestructions } from './destroy-patient-key.ts';
import { listKeyIntents, type KeyIntent } from './key-events.ts';
import type { KeyWork } from './key-work.ts';

/**
 * Destructions that the audit log knows to be finished, and of which the vault knows nothing: it was restored from before. From
 * here on this process releases none of those that the log knows, restored or not.
 */
async function findMissing(work: KeyWork, tenantId: string): Promise<KeyIntent[]> {
  const finished = (await listKeyIntents(work, tenantId, 'key.destroyed')).filter(
    (intent) => intent.finished,
  );
  work.patientKeys.bury(
    tenantId,
    finished.map((intent) => intent.resource_id),
  );
  const tombstones = await findTombstones(work, tenantId, finished);
  return finished.filter((intent) => !tombstones.has(intent.resource_id));
}

/** Rows that were put back beside their tombstones, as a restore of single tables does. */
async function destroyReturned(work: KeyWork, tenantId: string): Promise<number> {
  return work.stores.withVault(tenantId, async (transaction) => {
    const keys = await transaction.query(
      `DELETE FROM vault.patient_keys k USING vault.tombstones t
       WHERE k.tenant_id = $1 AND t.tenant_id = k.tenant_id AND t.patient_id = k.patient_id`,
      [tenantId],
    );
    const pseudonyms = await transaction.query(
      `DELETE FROM vault.audit_pseudonyms p USING vault.tombstones t
       WHERE p.tenant_id = $1 AND t.tenant_id = p.tenant_id AND t.patient_id = p.patient_id`,
      [tenantId],
    );
    return (keys.rowCount ?? 0) + (pseudonyms.rowCount ?? 0);
  });
}

/**
 * Holds the vault against the audit log, and ends what killed destructions left. A vault that was restored from a time before
 * a destruction holds the destroyed keys again, so nothing is served from it.
 * @throws EngineError `vault-older`, naming how many keys came back and how to destroy them again.
 */
export async function checkVault(work: KeyWork): Promise<void> {
  let missing = 0;
  for (const tenantId of await listTenants(work.stores)) {
    const returned = await destroyReturned(work, tenantId);
    if (returned > 0)
      work.logger.error('destroyed keys were put back, and destroyed again', {
        securityEvent: 'DESTROYED_KEYS_RETURNED',
        component: 'keys',
        tenantId,
        count: returned,
      });
    missing += (await findMissing(work, tenantId)).length;
    if (missing === 0) await resumeDestructions(work, tenantId);
  }
  if (missing > 0)
    throw new EngineError('vault-older', {
      detail: `${missing} destroyed keys are missing their tombstones`,
    });
}

/**
 * Destroys again what a restored vault brought back, by the tombstones that the audit log keeps. Repeating it changes nothing.
 * Answers how many destructions were replayed.
 */
export async function replayTombstones(work: KeyWork): Promise<number> {
  let replayed = 0;
  for (const tenantId of await listTenants(work.stores)) {
    for (const intent of await findMissing(work, tenantId)) {
      await buryKeys(work, tenantId, intent.resource_id, intent.id);
      // Tokens may have come back with an older clinical store.
      await deleteTokens(work, tenantId, intent.resource_id);
      await work.stores
        .vaultOf(tenantId)
        .query(
          'UPDATE vault.tombstones SET finished_at = now() WHERE tenant_id = $1 AND patient_id = $2 AND finished_at IS NULL',
          [tenantId, intent.resource_id],
        );
      replayed += 1;
    }
    await resumeDestructions(work, tenantId);
  }
  return replayed;
}
