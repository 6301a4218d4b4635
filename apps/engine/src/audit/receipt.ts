import type { AuditEntry } from './entry.ts';

/** Which patients' entries a receipt stands for. Kept beside the receipts: what code can build by itself is worth nothing. */
const issued = new WeakMap<AuditReceipt, ReadonlySet<string>>();

/**
 * Says that entries are durable. Keys are released against a receipt alone, and only for the patients whom its entries
 * name and permit, so that no way to a key goes past the audit log.
 */
export class AuditReceipt {
  /** Whether one of the entries permits access to the patient of this pseudonym. */
  covers(tenantId: string, pseudonym: string): boolean {
    return issued.get(this)?.has(`${tenantId} ${pseudonym}`) === true;
  }
}

/** For the appender alone, once the store has said that the entries are written. */
export function issueReceipt(entries: readonly AuditEntry[]): AuditReceipt {
  const receipt = new AuditReceipt();
  issued.set(
    receipt,
    new Set(
      entries.flatMap(({ tenantId, patientPseudonym, decision, outcome }) =>
        patientPseudonym !== undefined && decision === 'permit' && outcome !== 'failure'
          ? [`${tenantId} ${patientPseudonym}`]
          : [],
      ),
    ),
  );
  return receipt;
}
