import { z } from 'zod';
import { listTenants } from '../outbox/list-tenants.ts';
import { beginKeyChange, type SealKey } from './key-events.ts';
import type { KeyWork } from './key-work.ts';

const resources = {
  clinical: 'ClinicalSealKey',
  vault: 'VaultSealKey',
  audit: 'AuditSealKey',
  marketing: 'MarketingSealKey',
} as const satisfies Record<string, SealKey>;

/** A change of the key that seals the contexts of one store; asked before it (`intent`) and after it (`success`). */
export const sealKeyRequest = z.object({
  verb: z.literal('record-seal-key'),
  store: z.enum(['clinical', 'vault', 'audit', 'marketing']),
  change: z.enum(['rotated', 'retired']),
  /** The key that is made, or the one that stays: 16 digits of its digest. */
  keyId: z.string().regex(/^seal-[0-9a-f]{16}$/),
  outcome: z.enum(['intent', 'success']),
});

/**
 * Writes it into the log of every tenant, whose rows the key guards. The intent is durable when this answers; the outcome finds
 * it by its resource.
 */
export async function recordSealKey(
  work: KeyWork,
  { store, change, keyId, outcome }: z.output<typeof sealKeyRequest>,
): Promise<{ tenants: number }> {
  const digits = keyId.slice('seal-'.length);
  const tenants = await listTenants(work.stores);
  for (const tenantId of tenants) {
    const entry = await beginKeyChange(work, tenantId, {
      action: `seal-key.${change}`,
      resourceType: resources[store],
      // The log names resources by UUID; the key's digits are its end.
      resourceId: `00000000-0000-0000-${digits.slice(0, 4)}-${digits.slice(4)}`,
    });
    if (outcome === 'success') await entry.finish();
  }
  return { tenants: tenants.length };
}
