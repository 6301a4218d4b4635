import { randomUUID } from 'node:crypto';
import { generateDataKey } from '@cordon/field-encryption';
import { EngineError } from '../error.ts';
import { beginKeyChange } from './key-events.ts';
import { graceMs, type KeyWork } from './key-work.ts';
import { patientKeyContext, wipeKeys, type PatientKey } from './patient-keys.ts';
import { keyManagementOf } from './tenant-keys.ts';

export interface PatientRotation {
  /** Rows whose cells were written anew. */
  readonly resealed: number;
  /** Rows with a cell that neither key opens: damaged before. They keep the earlier key alive. */
  readonly unopened: number;
  /** Whether the earlier key is gone. If not, run again after the grace period, or repair what does not open. */
  readonly complete: boolean;
}

/**
 * Gives a patient a new key and writes every cell anew under it, inside the database. Readers open with both keys meanwhile.
 * The earlier key goes once nothing is under it and no process can hold it any more, which asks for a second run; a killed
 * run is taken up by the next.
 * @throws EngineError `record-unknown`, `keys-unavailable`, `audit-unavailable`.
 */
export async function rotatePatientKey(
  work: KeyWork,
  tenantId: string,
  patientId: string,
): Promise<PatientRotation> {
  const pseudonym = (await work.patientKeys.pseudonyms(tenantId, [patientId])).get(patientId);
  if (pseudonym === undefined) throw new EngineError('record-unknown');
  const change = await beginKeyChange(work, tenantId, {
    action: 'key.rotated',
    resourceType: 'PatientKey',
    resourceId: patientId,
    patientPseudonym: pseudonym,
  });
  // Another process may have begun, so what is known here is looked up again.
  work.patientKeys.forget(tenantId, patientId);
  const load = async (): Promise<PatientKey> => {
    const key = (await work.patientKeys.load(tenantId, [patientId], change.receipt)).get(patientId);
    if (key === undefined) throw new EngineError('record-unknown');
    return key;
  };
  let keys = await load();
  if (keys.earlier.length === 0) {
    wipeKeys([keys]);
    await replaceKey(work, tenantId, patientId);
    work.patientKeys.forget(tenantId, patientId);
    keys = await load();
  }
  try {
    // Asked before the pass: what was sealed with the earlier key until then is found by it.
    const expired = await graceIsOver(work, tenantId, patientId);
    const totals = await reseal(work, tenantId, patientId, keys);
    const complete = expired && totals.unopened === 0;
    if (complete) await removeEarlier(work, tenantId, patientId, keys.keyId);
    await change.finish(totals.resealed);
    work.patientKeys.forget(tenantId, patientId);
    return { ...totals, complete };
  } finally {
    wipeKeys([keys]);
  }
}

async function replaceKey(work: KeyWork, tenantId: string, patientId: string): Promise<void> {
  const tenantKey = await work.tenantKeys.current(tenantId, 'data');
  const id = randomUUID();
  const key = generateDataKey();
  const { wrapped } = await keyManagementOf(tenantKey.key, tenantKey.id).wrap(
    key,
    patientKeyContext(tenantId, patientId, id),
  );
  for (const used of [key, tenantKey.key]) used.fill(0);
  await work.stores.withVault(tenantId, async (transaction) => {
    const { rowCount } = await transaction.query(
      `UPDATE vault.patient_keys SET superseded_at = now()
       WHERE tenant_id = $1 AND patient_id = $2 AND superseded_at IS NULL`,
      [tenantId, patientId],
    );
    // Destroyed since: a new key would bring back what was erased.
    if (rowCount !== 1) throw new EngineError('record-unknown');
    await transaction.query(
      `INSERT INTO vault.patient_keys (tenant_id, id, patient_id, tenant_key_id, wrapped, confirmed_at)
       VALUES ($1, $2, $3, $4, $5, now())`,
      [tenantId, id, patientId, tenantKey.id, wrapped],
    );
  });
}

/** From the newest of the earlier keys to the current one, and then the older ones, should there be any. */
async function reseal(
  work: KeyWork,
  tenantId: string,
  patientId: string,
  keys: PatientKey,
): Promise<{ resealed: number; unopened: number }> {
  let resealed = 0;
  let unopened = 0;
  for (const { key } of keys.earlier) {
    const { rows } = await work.stores.withTenantJob(tenantId, (transaction) =>
      transaction.query<{ resealed: number; unopened: number }>(
        'SELECT resealed, unopened FROM clinical.reseal_patient($1, $2, $3, $4)',
        [patientId, key.toString('base64'), keys.key.toString('base64'), keys.keyId],
      ),
    );
    resealed += rows.reduce((sum, row) => sum + row.resealed, 0);
    unopened = rows.reduce((sum, row) => sum + row.unopened, 0);
  }
  return { resealed, unopened };
}

async function graceIsOver(work: KeyWork, tenantId: string, patientId: string): Promise<boolean> {
  const { rowCount } = await work.stores.vaultOf(tenantId).query(
    `SELECT FROM vault.patient_keys WHERE tenant_id = $1 AND patient_id = $2
       AND superseded_at >= now() - make_interval(secs => $3)`,
    [tenantId, patientId, graceMs / 1000],
  );
  return rowCount === 0;
}

async function removeEarlier(
  work: KeyWork,
  tenantId: string,
  patientId: string,
  currentId: string,
): Promise<void> {
  await work.stores.vaultOf(tenantId).query(
    `DELETE FROM vault.patient_keys
     WHERE tenant_id = $1 AND patient_id = $2 AND id <> $3 AND superseded_at IS NOT NULL`,
    [tenantId, patientId, currentId],
  );
}
