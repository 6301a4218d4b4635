import { EngineError } from '../error.ts';
import { findTombstone, tokenTables } from './destroy-patient-key.ts';
import type { KeyWork } from './key-work.ts';
import { patientKeyLifeMs } from './patient-keys.ts';

/** What was looked at, when it was looked at, and what follows; every figure is counted anew for each proof. */
export interface DestructionProof {
  readonly tenantId: string;
  readonly patientId: string;
  /** Entries of the audit log; `cordon audit prove` makes a proof of each that needs no trust in this machine. */
  readonly auditEntries: { readonly intent: string; readonly outcome: string };
  readonly destroyedAt: string;
  readonly finishedAt: string | null;
  readonly checkedAt: string;
  readonly keysInVault: number;
  readonly pseudonymsInVault: number;
  readonly searchTokens: number;
  /** Rows that are still stored, and that no key opens any more, by table. */
  readonly sealedRows: Readonly<Record<string, number>>;
  /** From here on no process opens anything with a copy that it kept. */
  readonly unreadableEverywhereFrom: string;
  readonly holds: boolean;
  readonly limits: readonly string[];
}

const limits = [
  'Pictures and files are sealed under keys that are themselves cells of the rows above: they are unreadable with them.',
  'Backups of the clinical store and of the object store hold ciphertext under the destroyed key, and stay unreadable.',
  'Backups of the vault from before hold the wrapped key until they expire. A vault restored from one refuses to serve until the tombstones are replayed.',
  'Search tokens in older backups of the clinical store live until those expire. They tell which rows shared a value, not the value.',
] as const;

/** @throws EngineError `record-unknown` where nothing was destroyed. */
export async function proveDestruction(
  work: KeyWork,
  tenantId: string,
  patientId: string,
): Promise<DestructionProof> {
  const tombstone = await findTombstone(work, tenantId, patientId);
  if (tombstone === undefined) throw new EngineError('record-unknown');
  const vault = await work.stores.vaultOf(tenantId).query<{ keys: number; pseudonyms: number }>(
    `SELECT (SELECT count(*) FROM vault.patient_keys WHERE tenant_id = $1 AND patient_id = $2)::integer AS keys,
       (SELECT count(*) FROM vault.audit_pseudonyms WHERE tenant_id = $1 AND patient_id = $2)::integer AS pseudonyms`,
    [tenantId, patientId],
  );
  const { sealedRows, searchTokens } = await work.stores.withTenantJob(tenantId, async (transaction) => {
    const sealed = await transaction.query<{ place: string; sealed_rows: number }>(
      'SELECT place, sealed_rows FROM clinical.count_sealed_rows($1)',
      [patientId],
    );
    let tokens = 0;
    for (const table of tokenTables) {
      const { rowCount } = await transaction.query(
        `SELECT FROM ${table} WHERE tenant_id = $1 AND patient_id = $2`,
        [tenantId, patientId],
      );
      tokens += rowCount ?? 0;
    }
    return {
      searchTokens: tokens,
      sealedRows: Object.fromEntries(
        sealed.rows.filter((row) => row.sealed_rows > 0).map((row) => [row.place, row.sealed_rows]),
      ),
    };
  });
  const keysInVault = vault.rows[0]?.keys ?? 0;
  const pseudonymsInVault = vault.rows[0]?.pseudonyms ?? 0;
  return {
    tenantId,
    patientId,
    auditEntries: { intent: tombstone.intent_id, outcome: tombstone.id },
    destroyedAt: tombstone.destroyed_at.toISOString(),
    finishedAt: tombstone.finished_at?.toISOString() ?? null,
    checkedAt: new Date().toISOString(),
    keysInVault,
    pseudonymsInVault,
    searchTokens,
    sealedRows,
    unreadableEverywhereFrom: new Date(tombstone.destroyed_at.getTime() + patientKeyLifeMs).toISOString(),
    holds: keysInVault + pseudonymsInVault + searchTokens === 0 && tombstone.finished_at !== null,
    limits,
  };
}
