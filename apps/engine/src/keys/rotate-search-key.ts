import { beginKeyChange } from './key-events.ts';
import { graceMs, type KeyWork } from './key-work.ts';
import { requireTenant } from './require-tenant.ts';
import { replaceTenantKey } from './rotate-tenant-key.ts';

export interface SearchRotation {
  /** Patients whose tokens were made anew. */
  readonly reindexed: number;
  /** Patients with a damaged cell, of whom no tokens can be made. They keep their own, and the earlier key, alive. */
  readonly unopened: number;
  /** Whether the earlier key and its tokens are gone. If not, run again after the grace period. */
  readonly complete: boolean;
}

/** What the patients' feature does for a rotation: who is found under what is its own. */
export interface SearchTokenWork {
  reindexPatients(work: KeyWork, tenantId: string): Promise<{ reindexed: number; unopened: number }>;
  forgetEarlierTokens(work: KeyWork, tenantId: string): Promise<void>;
}

/**
 * Gives a tenant a new search key. Tokens under it are made beside the earlier ones, and searches ask with both keys; the earlier
 * tokens and their key go once no process can write or seek with that key alone, which asks for a second run. A killed run is
 * taken up by the next, which then makes no further key.
 * @throws EngineError, `tenant-unknown` among them, FieldEncryptionError.
 */
export async function rotateSearchKey(
  work: KeyWork,
  tenantId: string,
  tokens: SearchTokenWork,
): Promise<SearchRotation> {
  await requireTenant(work, tenantId);
  const change = await beginKeyChange(work, tenantId, {
    action: 'key.rotated',
    resourceType: 'SearchKey',
    resourceId: tenantId,
  });
  const vault = work.stores.vaultOf(tenantId);
  const { rows: retired } = await vault.query<{ expired: boolean }>(
    `SELECT retired_at < now() - make_interval(secs => $2) AS expired FROM vault.tenant_keys
     WHERE tenant_id = $1 AND purpose = 'search' AND retired_at IS NOT NULL`,
    [tenantId, graceMs / 1000],
  );
  if (retired.length === 0) await replaceTenantKey(work, tenantId, 'search');
  else work.tenantKeys.forgetAll();
  const totals = await tokens.reindexPatients(work, tenantId);
  // Asked before the pass: what was written with the earlier key alone until then was found by it.
  const complete = retired.length > 0 && retired.every(({ expired }) => expired) && totals.unopened === 0;
  if (complete) {
    await tokens.forgetEarlierTokens(work, tenantId);
    await vault.query(
      `DELETE FROM vault.tenant_keys WHERE tenant_id = $1 AND purpose = 'search' AND retired_at IS NOT NULL`,
      [tenantId],
    );
    work.tenantKeys.forgetAll();
  }
  await change.finish(totals.reindexed);
  return { ...totals, complete };
}
