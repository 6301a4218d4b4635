import { hkdfSync } from 'node:crypto';
import { decryptCells, encryptCells } from '@cordon/field-encryption';
import type { Transaction } from '@cordon/row-security';
import type { EngineContext } from './engine-context.ts';

/**
 * Text that is about no single patient (a lead, a clinician's name, the reason of a legal hold) is encrypted under a key derived from the tenant's data key
 * for this purpose alone (RFC 5869): that key, which wraps patients' keys, opens no cell itself.
 */
export function cellKey(tenantKey: Buffer): Buffer {
  const key = Buffer.from(hkdfSync('sha256', tenantKey, Buffer.alloc(0), 'cordon marketing cells', 32));
  tenantKey.fill(0);
  return key;
}

export interface TenantCell {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

/** Encrypts texts for their places. Answers the id of the key as well. */
export async function sealForTenant(
  engine: Pick<EngineContext, 'tenantKeys'>,
  transaction: Transaction,
  tenantId: string,
  cells: readonly (TenantCell & { readonly plaintext: string })[],
): Promise<{ keyId: string; sealed: Buffer[] }> {
  const current = await engine.tenantKeys.current(tenantId, 'data');
  const key = cellKey(current.key);
  try {
    const sealed = await encryptCells(
      transaction,
      cells.map(({ plaintext, ...place }) => ({ place: { tenantId, ...place }, plaintext, key })),
    );
    return { keyId: current.id, sealed };
  } finally {
    key.fill(0);
  }
}

/** Opens cells that `sealForTenant` made; null where one is damaged. Called after the audit entry is durable, and only then. */
export async function openForTenant(
  engine: Pick<EngineContext, 'tenantKeys'>,
  transaction: Transaction,
  tenantId: string,
  cells: readonly (TenantCell & { readonly ciphertext: Buffer; readonly keyId: string })[],
): Promise<(string | null)[]> {
  if (cells.length === 0) return [];
  const keys = new Map<string, Buffer>();
  try {
    for (const { keyId } of cells)
      if (!keys.has(keyId)) keys.set(keyId, cellKey(await engine.tenantKeys.byId(tenantId, keyId)));
    const opened = await decryptCells(
      transaction,
      cells.map(({ ciphertext, keyId, ...place }) => ({
        place: { tenantId, ...place },
        ciphertext,
        key: keys.get(keyId) ?? Buffer.alloc(32),
      })),
      { inTransaction: true },
    );
    return opened.map((cell) => (cell.ok ? cell.plaintext : null));
  } finally {
    for (const key of keys.values()) key.fill(0);
  }
}
