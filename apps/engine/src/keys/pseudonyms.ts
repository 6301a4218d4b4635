import type { Stores } from '../stores/stores.ts';

/** The names under which the audit log knows patients. */
export interface Pseudonyms {
  /** By patient id; a patient whose key was destroyed has none. @throws EngineError `keys-unavailable`. */
  of(tenantId: string, patientIds: readonly string[]): Promise<Map<string, string>>;
  remember(tenantId: string, patientId: string, pseudonym: string): void;
  forget(tenantId: string, patientId: string): void;
  forgetAll(): void;
}

const mostPseudonyms = 50_000;

export function createPseudonyms(stores: Stores): Pseudonyms {
  const known = new Map<string, string>();
  // Grows whenever something is forgotten: what was asked for before is handed on once, and not kept.
  let forgotten = 0;

  function remember(tenantId: string, patientId: string, pseudonym: string): void {
    if (known.size >= mostPseudonyms) known.clear();
    known.set(`${tenantId} ${patientId}`, pseudonym);
  }

  return {
    async of(tenantId, patientIds) {
      const found = new Map<string, string>();
      const missing: string[] = [];
      for (const patientId of new Set(patientIds)) {
        const pseudonym = known.get(`${tenantId} ${patientId}`);
        if (pseudonym === undefined) missing.push(patientId);
        else found.set(patientId, pseudonym);
      }
      if (missing.length === 0) return found;
      const before = forgotten;
      const { rows } = await stores
        .vaultOf(tenantId)
        .query<{ id: string; patient_id: string }>(
          'SELECT id, patient_id FROM vault.audit_pseudonyms WHERE tenant_id = $1 AND patient_id = ANY ($2::uuid[])',
          [tenantId, missing],
        );
      for (const row of rows) {
        found.set(row.patient_id, row.id);
        if (before === forgotten) remember(tenantId, row.patient_id, row.id);
      }
      return found;
    },
    remember,
    forget(tenantId, patientId) {
      forgotten += 1;
      known.delete(`${tenantId} ${patientId}`);
    },
    forgetAll() {
      forgotten += 1;
      known.clear();
    },
  };
}
