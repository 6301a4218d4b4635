import { randomUUID } from 'node:crypto';
import { generateDataKey } from '@cordon/field-encryption';
import { EngineError } from '../error.ts';
import type { Stores } from '../stores/stores.ts';
import { createKeyCache } from './key-cache.ts';
import { keyManagementOf, type TenantKeys } from './tenant-keys.ts';

export interface PatientKey {
  readonly keyId: string;
  readonly key: Buffer;
}

/**
 * Patients' data keys. Not for features: they go through `discloseRecords` and `changeRecord`, which make the audit entry
 * durable first.
 */
export interface PatientKeys {
  /** Makes key and audit pseudonym before the row that needs them; a key never confirmed is swept. */
  create(tenantId: string, patientId: string, pseudonym: string): Promise<PatientKey>;
  confirm(tenantId: string, patientId: string): Promise<void>;
  /** By patient id. A patient whose key was destroyed is not in the answer. */
  load(tenantId: string, patientIds: readonly string[]): Promise<Map<string, PatientKey>>;
  pseudonyms(tenantId: string, patientIds: readonly string[]): Promise<Map<string, string>>;
  /** Empties the cache of keys, which are overwritten. */
  forgetAll(): void;
  close(): void;
}

interface KeyRow {
  id: string;
  patient_id: string;
  tenant_key_id: string;
  wrapped: Buffer;
}

const contextOf = (tenantId: string, patientId: string, id: string) =>
  `cordon patient-key ${tenantId} ${patientId} ${id}`;
const mostPseudonyms = 50_000;

export function createPatientKeys(stores: Stores, tenantKeys: TenantKeys): PatientKeys {
  const cache = createKeyCache({ maxEntries: 20_000, lifeMs: 60_000 });
  const keyIds = new Map<string, string>();
  const pseudonymOf = new Map<string, string>();

  function rememberPseudonym(tenantId: string, patientId: string, pseudonym: string): void {
    if (pseudonymOf.size >= mostPseudonyms) pseudonymOf.clear();
    pseudonymOf.set(`${tenantId} ${patientId}`, pseudonym);
  }

  function fromCache(tenantId: string, patientId: string): PatientKey | undefined {
    const key = cache.get(`${tenantId} ${patientId}`);
    const keyId = keyIds.get(`${tenantId} ${patientId}`);
    return key === undefined || keyId === undefined ? undefined : { key, keyId };
  }

  function remember(tenantId: string, patientId: string, found: PatientKey): void {
    if (keyIds.size >= mostPseudonyms) keyIds.clear();
    cache.put(`${tenantId} ${patientId}`, found.key);
    keyIds.set(`${tenantId} ${patientId}`, found.keyId);
  }

  async function unwrap(tenantId: string, row: KeyRow): Promise<PatientKey> {
    const tenantKey = await tenantKeys.byId(tenantId, row.tenant_key_id);
    try {
      const context = contextOf(tenantId, row.patient_id, row.id);
      const key = await keyManagementOf(tenantKey, row.tenant_key_id).unwrap(
        row.wrapped,
        row.tenant_key_id,
        context,
      );
      return { key, keyId: row.id };
    } catch (error) {
      throw new EngineError('keys-unavailable', { detail: 'a patient key does not unwrap', cause: error });
    }
  }

  return {
    async create(tenantId, patientId, pseudonym) {
      const tenantKey = await tenantKeys.current(tenantId, 'data');
      const made = { keyId: randomUUID(), key: generateDataKey() };
      const { wrapped } = await keyManagementOf(tenantKey.key, tenantKey.id).wrap(
        made.key,
        contextOf(tenantId, patientId, made.keyId),
      );
      await stores.withVault(tenantId, async (transaction) => {
        await transaction.query(
          `INSERT INTO vault.patient_keys (tenant_id, id, patient_id, tenant_key_id, wrapped)
           VALUES ($1, $2, $3, $4, $5)`,
          [tenantId, made.keyId, patientId, tenantKey.id, wrapped],
        );
        await transaction.query(
          'INSERT INTO vault.audit_pseudonyms (tenant_id, id, patient_id) VALUES ($1, $2, $3)',
          [tenantId, pseudonym, patientId],
        );
      });
      rememberPseudonym(tenantId, patientId, pseudonym);
      remember(tenantId, patientId, made);
      return made;
    },

    async confirm(tenantId, patientId) {
      await stores.vaultOf(tenantId).query(
        `UPDATE vault.patient_keys SET confirmed_at = now()
           WHERE tenant_id = $1 AND patient_id = $2 AND confirmed_at IS NULL`,
        [tenantId, patientId],
      );
    },

    async load(tenantId, patientIds) {
      const found = new Map<string, PatientKey>();
      const missing: string[] = [];
      for (const patientId of new Set(patientIds)) {
        const cached = fromCache(tenantId, patientId);
        if (cached === undefined) missing.push(patientId);
        else found.set(patientId, cached);
      }
      if (missing.length === 0) return found;
      const { rows } = await stores.vaultOf(tenantId).query<KeyRow>(
        `SELECT id, patient_id, tenant_key_id, wrapped FROM vault.patient_keys
           WHERE tenant_id = $1 AND patient_id = ANY ($2::uuid[])`,
        [tenantId, missing],
      );
      for (const row of rows) {
        const key = await unwrap(tenantId, row);
        found.set(row.patient_id, key);
        remember(tenantId, row.patient_id, key);
      }
      return found;
    },

    async pseudonyms(tenantId, patientIds) {
      const found = new Map<string, string>();
      const missing: string[] = [];
      for (const patientId of new Set(patientIds)) {
        const known = pseudonymOf.get(`${tenantId} ${patientId}`);
        if (known === undefined) missing.push(patientId);
        else found.set(patientId, known);
      }
      if (missing.length === 0) return found;
      const { rows } = await stores
        .vaultOf(tenantId)
        .query<{ id: string; patient_id: string }>(
          'SELECT id, patient_id FROM vault.audit_pseudonyms WHERE tenant_id = $1 AND patient_id = ANY ($2::uuid[])',
          [tenantId, missing],
        );
      for (const row of rows) {
        found.set(row.patient_id, row.id);
        rememberPseudonym(tenantId, row.patient_id, row.id);
      }
      return found;
    },

    forgetAll() {
      cache.empty();
    },

    close() {
      cache.close();
    },
  };
}
