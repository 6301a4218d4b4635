import { randomUUID } from 'node:crypto';
import type { Transaction } from '@cordon/row-security';
import type { AuditEntry } from '../audit/entry.ts';
import { EngineError } from '../error.ts';
import { beginKeyChange, listKeyIntents, type KeyIntent } from './key-events.ts';
import type { KeyWork } from './key-work.ts';

export interface Tombstone {
  readonly id: string;
  readonly patient_id: string;
  readonly intent_id: string;
  readonly destroyed_at: Date;
  readonly finished_at: Date | null;
}

/** Tables of blind tokens; each row names its patient. A test compares the list with the catalog. */
export const tokenTables = ['clinical.patient_search_tokens'] as const;

/**
 * Destroys a patient's keys, and with them every record, picture and backup that they open. In this order, each step
 * durable before the next: intent in the audit log; tombstone in the vault, in the transaction that deletes keys and
 * pseudonym; search tokens; outcome. A killed destruction is taken up by `resumeDestructions` or by asking again.
 * @throws EngineError `record-unknown`; `record-held` while a legal hold is in force; `…-unavailable`.
 */
export async function destroyPatientKey(
  work: KeyWork,
  request: { tenantId: string; patientId: string; requestedBy?: string | undefined },
): Promise<Tombstone> {
  const { tenantId, patientId, requestedBy } = request;
  const known = await findTombstone(work, tenantId, patientId);
  if (known !== undefined) return finish(work, tenantId, known);
  const pseudonym = (await work.patientKeys.pseudonyms(tenantId, [patientId])).get(patientId);
  if (pseudonym === undefined) throw new EngineError('record-unknown');
  await work.stores.withTenantJob(tenantId, (transaction) =>
    refuseWhenHeld(transaction, tenantId, patientId),
  );
  const { intent } = await beginKeyChange(work, tenantId, {
    action: 'key.destroyed',
    resourceType: 'PatientKey',
    resourceId: patientId,
    patientPseudonym: pseudonym,
    requestedBy,
  });
  return finish(work, tenantId, await buryUnheld(work, tenantId, patientId, intent));
}

/** Takes up what a killed process left: intents without a tombstone, tombstones without an outcome. */
export async function resumeDestructions(work: KeyWork, tenantId: string): Promise<number> {
  let resumed = 0;
  const intents = await listKeyIntents(work, tenantId, 'key.destroyed');
  const tombstones = await findTombstones(work, tenantId, intents);
  for (const intent of intents) {
    const tombstone = tombstones.get(intent.resource_id);
    if (tombstone !== undefined && tombstone.finished_at !== null) continue;
    // Finished by the log, and no tombstone: the vault is older than the log, which is not for this function to hide.
    if (intent.finished && tombstone === undefined) continue;
    try {
      const buried = tombstone ?? (await buryUnheld(work, tenantId, intent.resource_id, intent));
      await finish(work, tenantId, buried);
      resumed += 1;
    } catch (error) {
      // Held since it was begun: that destruction has failed, and says so.
      if (!(error instanceof EngineError && error.code === 'record-held')) throw error;
    }
  }
  return resumed;
}

/**
 * Buries while no hold can be placed; one that was placed since the intent ends the destruction, whose outcome is then a failure.
 * The short clinical transaction is open meanwhile, for its lock alone.
 */
async function buryUnheld(
  work: KeyWork,
  tenantId: string,
  patientId: string,
  intent: Pick<KeyIntent, 'id'>,
): Promise<Tombstone> {
  try {
    return await work.stores.withTenantJob(tenantId, async (transaction) => {
      await transaction.query('SELECT pg_advisory_xact_lock(clinical.erasure_lock($1, $2))', [
        tenantId,
        patientId,
      ]);
      await refuseWhenHeld(transaction, tenantId, patientId);
      return buryKeys(work, tenantId, patientId, intent.id);
    });
  } catch (error) {
    if (error instanceof EngineError && error.code === 'record-held')
      await work.audit.append([describeOutcome(tenantId, patientId, intent.id, 'failure')]);
    throw error;
  }
}

/** The point of no return: after this transaction no copy of the keys is in the vault. */
export async function buryKeys(
  work: KeyWork,
  tenantId: string,
  patientId: string,
  intentId: string,
): Promise<Tombstone> {
  await work.stores.withVault(tenantId, async (transaction) => {
    await transaction.query(
      `INSERT INTO vault.tombstones (tenant_id, id, patient_id, intent_id) VALUES ($1, $2, $3, $4)
       ON CONFLICT (tenant_id, patient_id) DO NOTHING`,
      [tenantId, randomUUID(), patientId, intentId],
    );
    await transaction.query('DELETE FROM vault.patient_keys WHERE tenant_id = $1 AND patient_id = $2', [
      tenantId,
      patientId,
    ]);
    await transaction.query('DELETE FROM vault.audit_pseudonyms WHERE tenant_id = $1 AND patient_id = $2', [
      tenantId,
      patientId,
    ]);
  });
  work.patientKeys.forget(tenantId, patientId);
  work.patientKeys.bury(tenantId, [patientId]);
  const tombstone = await findTombstone(work, tenantId, patientId);
  if (tombstone === undefined)
    throw new EngineError('keys-unavailable', { detail: 'a tombstone is missing' });
  return tombstone;
}

async function finish(work: KeyWork, tenantId: string, tombstone: Tombstone): Promise<Tombstone> {
  if (tombstone.finished_at !== null) return tombstone;
  await deleteTokens(work, tenantId, tombstone.patient_id);
  // The tombstone's own id: sent twice, it is still one entry.
  const outcome = describeOutcome(tenantId, tombstone.patient_id, tombstone.intent_id, 'success');
  await work.audit.append([{ ...outcome, id: tombstone.id }]);
  await work.stores
    .vaultOf(tenantId)
    .query('UPDATE vault.tombstones SET finished_at = now() WHERE tenant_id = $1 AND id = $2', [
      tenantId,
      tombstone.id,
    ]);
  return (await findTombstone(work, tenantId, tombstone.patient_id)) ?? tombstone;
}

const describeOutcome = (
  tenantId: string,
  patientId: string,
  intentId: string,
  outcome: 'success' | 'failure',
): AuditEntry => ({
  id: randomUUID(),
  tenantId,
  initiatorType: 'system',
  action: 'key.destroyed',
  resourceType: 'PatientKey',
  resourceId: patientId,
  dataClassIds: ['patientProfile'],
  decision: 'permit',
  reasonCode: outcome === 'success' ? 'granted' : 'transaction-failed',
  outcome,
  intentId,
});

export async function deleteTokens(work: KeyWork, tenantId: string, patientId: string): Promise<void> {
  await work.stores.withTenantJob(tenantId, async (transaction) => {
    for (const table of tokenTables)
      await transaction.query(`DELETE FROM ${table} WHERE tenant_id = $1 AND patient_id = $2`, [
        tenantId,
        patientId,
      ]);
  });
}

export async function findTombstone(
  work: KeyWork,
  tenantId: string,
  patientId: string,
): Promise<Tombstone | undefined> {
  return (await findTombstones(work, tenantId, [{ resource_id: patientId }])).get(patientId);
}

/** Those that the intents are about, by patient. */
export async function findTombstones(
  work: KeyWork,
  tenantId: string,
  intents: readonly Pick<KeyIntent, 'resource_id'>[],
): Promise<Map<string, Tombstone>> {
  if (intents.length === 0) return new Map();
  const { rows } = await work.stores.vaultOf(tenantId).query<Tombstone>(
    `SELECT id, patient_id, intent_id, destroyed_at, finished_at FROM vault.tombstones
     WHERE tenant_id = $1 AND patient_id = ANY ($2::uuid[])`,
    [tenantId, intents.map((intent) => intent.resource_id)],
  );
  return new Map(rows.map((row) => [row.patient_id, row]));
}

async function refuseWhenHeld(transaction: Transaction, tenantId: string, patientId: string): Promise<void> {
  const { rowCount } = await transaction.query(
    'SELECT FROM clinical.legal_holds WHERE tenant_id = $1 AND patient_id = $2 AND lifted_at IS NULL LIMIT 1',
    [tenantId, patientId],
  );
  if (rowCount !== 0) throw new EngineError('record-held');
}
