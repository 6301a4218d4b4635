import { randomUUID } from 'node:crypto';
import type { Transaction } from '@cordon/row-security';
import type { KeyWork } from '../../keys/key-work.ts';
import type { PatientKey } from '../../keys/patient-keys.ts';
import type { TenantKey } from '../../keys/tenant-keys.ts';
import { wipeKeys, wipeSearchKeys } from '../../pipeline/change-record.ts';
import { openLocked, type LockedCell } from '../../pipeline/open-cells.ts';
import { indexPatient } from './insert-patient.ts';
import { patientTable, type PatientRow } from './profile.ts';

/** Patients whose rows are held while their tokens are made: few, so that nobody waits long to change one of them. */
const patientsAStep = 50;
const patientsAStepToForget = 500;

/** What tokens are made of. */
const indexed = {
  fullName: 'full_name',
  dateOfBirth: 'date_of_birth',
  phone: 'phone',
  email: 'email',
  nhsNumber: 'nhs_number',
} as const satisfies Record<string, keyof PatientRow>;

export interface Reindexed {
  readonly reindexed: number;
  /** Patients with a damaged cell: they keep the tokens that they have. */
  readonly unopened: number;
}

/**
 * Makes the tokens of every patient who has none under the tenant's current search key; the earlier ones stay beside them. Each
 * step is a transaction of its own, so a killed run is taken up where it was.
 * @throws EngineError `audit-unavailable`, `keys-unavailable`.
 */
export async function reindexPatients(work: KeyWork, tenantId: string): Promise<Reindexed> {
  const total = { reindexed: 0, unopened: 0 };
  const search = await work.tenantKeys.search(tenantId);
  const [current] = search.written;
  try {
    for (let after: string | undefined; current !== undefined;) {
      const patientIds = await findWaiting(work, tenantId, current.id, after);
      if (patientIds.length === 0) break;
      const done = await reindexStep(work, tenantId, patientIds, current);
      total.reindexed += done.reindexed;
      total.unopened += done.unopened;
      after = patientIds.at(-1);
    }
    return total;
  } finally {
    wipeSearchKeys(search);
  }
}

async function findWaiting(
  work: KeyWork,
  tenantId: string,
  keyId: string,
  after: string | undefined,
): Promise<string[]> {
  return work.stores.withTenantJob(tenantId, async (transaction) => {
    const { rows } = await transaction.query<{ id: string }>(
      `SELECT p.id FROM clinical.patients p
       WHERE p.tenant_id = $1 AND ($2::uuid IS NULL OR p.id > $2)
         AND EXISTS (SELECT FROM clinical.patient_search_tokens t WHERE t.tenant_id = $1 AND t.patient_id = p.id)
         AND NOT EXISTS (SELECT FROM clinical.patient_search_tokens t
           WHERE t.tenant_id = $1 AND t.patient_id = p.id AND t.token_key_id = $3)
       ORDER BY p.id LIMIT $4`,
      [tenantId, after ?? null, keyId, patientsAStep],
    );
    return rows.map(({ id }) => id);
  });
}

async function reindexStep(
  work: KeyWork,
  tenantId: string,
  patientIds: readonly string[],
  current: TenantKey,
): Promise<Reindexed> {
  const pseudonyms = await work.patientKeys.pseudonyms(tenantId, patientIds);
  const receipt = await work.audit.append(
    [...pseudonyms].map(([patientId, patientPseudonym]) => ({
      id: randomUUID(),
      tenantId,
      initiatorType: 'system',
      action: 'record.reindexed',
      resourceType: 'Patient',
      resourceId: patientId,
      patientPseudonym,
      dataClassIds: ['patientProfile'],
      decision: 'permit',
      reasonCode: 'granted',
      outcome: 'none',
    })),
  );
  const keys = await work.patientKeys.load(tenantId, patientIds, receipt);
  try {
    return await work.stores.withTenantJob(tenantId, (transaction) =>
      indexAnew(transaction, tenantId, keys, current),
    );
  } finally {
    wipeKeys(keys.values());
  }
}

/** Holds the rows while it reads them: who changes a name waits, and then makes tokens of the new one. */
async function indexAnew(
  transaction: Transaction,
  tenantId: string,
  keys: ReadonlyMap<string, PatientKey>,
  current: TenantKey,
): Promise<Reindexed> {
  const { rows } = await transaction.query<PatientRow>(
    `SELECT id, clinic_id, full_name, date_of_birth, phone, email, nhs_number FROM clinical.patients
     WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE`,
    [tenantId, [...keys.keys()]],
  );
  const cells = rows.flatMap((row) =>
    Object.entries(indexed).flatMap(
      ([field, column]): (LockedCell & { row: PatientRow; field: string })[] => {
        const [ciphertext, ofPatient] = [row[column], keys.get(row.id)];
        if (ciphertext === null || ofPatient === undefined) return [];
        const place = { tenantId, table: patientTable, column, rowId: row.id };
        return [{ row, field, keys: ofPatient, cell: { place, ciphertext, key: ofPatient.key } }];
      },
    ),
  );
  const opened = await openLocked(transaction, cells, { inTransaction: true });
  let unopened = 0;
  for (const row of rows) {
    const fields = cells.flatMap((cell, index) =>
      cell.row === row ? [[cell.field, opened[index]] as const] : [],
    );
    const texts = fields.flatMap(([field, cell]) =>
      cell?.ok === true ? [[field, cell.plaintext] as const] : [],
    );
    if (texts.length < fields.length) {
      unopened += 1;
      continue;
    }
    const profile = { fullName: '', dateOfBirth: '', ...Object.fromEntries(texts) };
    await indexPatient(transaction, { tenantId, id: row.id, clinicId: row.clinic_id, profile }, [current]);
  }
  return { reindexed: rows.length - unopened, unopened };
}

/** Deletes tokens of other keys than the current one, where a patient has tokens under that. */
export async function forgetEarlierTokens(work: KeyWork, tenantId: string): Promise<void> {
  const search = await work.tenantKeys.search(tenantId);
  wipeSearchKeys(search);
  const keyId = search.written[0]?.id;
  for (let after: string | undefined; ;) {
    const patientIds = await work.stores.withTenantJob(tenantId, async (transaction) => {
      const { rows } = await transaction.query<{ id: string }>(
        `SELECT id FROM clinical.patients WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
        [tenantId, after ?? null, patientsAStepToForget],
      );
      const ids = rows.map(({ id }) => id);
      await transaction.query(
        `DELETE FROM clinical.patient_search_tokens t
         WHERE t.tenant_id = $1 AND t.patient_id = ANY ($2::uuid[]) AND t.token_key_id <> $3
           AND EXISTS (SELECT FROM clinical.patient_search_tokens n
             WHERE n.tenant_id = $1 AND n.patient_id = t.patient_id AND n.token_key_id = $3)`,
        [tenantId, ids, keyId],
      );
      return ids;
    });
    if (patientIds.length < patientsAStepToForget) return;
    after = patientIds.at(-1);
  }
}
