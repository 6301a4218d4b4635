import { systemContext } from '../stores/system-context.ts';
import { cellKey } from '../pipeline/tenant-cells.ts';
import type { KeyWork } from './key-work.ts';

/** Tables whose cells are sealed under a key of the tenant, with those cells. A test compares the list with the catalog. */
export const tenantSealedTables: Readonly<Record<string, readonly string[]>> = {
  'clinical.audit_hold_reasons': ['reason'],
  'marketing.leads': ['full_name', 'contact', 'message'],
  'marketing.public_chats': ['transcript'],
  'clinical.clinicians': ['full_name'],
};
const poolOf = ({ stores: { pools } }: KeyWork, table: string) =>
  table.startsWith('marketing.') ? pools.engine_marketing : pools.engine_jobs;

const rowsAStep = 200;

/**
 * Writes what is sealed under a tenant's retired keys anew under the current one, inside the database. A row with a cell that
 * does not open stays as it is, and keeps its key alive. Answers how many rows were written.
 */
export async function resealTenantCells(work: KeyWork, tenantId: string): Promise<number> {
  const current = await work.tenantKeys.current(tenantId, 'data');
  const to = cellKey(current.key);
  let resealed = 0;
  try {
    for (const keyId of await retiredKeys(work, tenantId)) {
      const from = cellKey(await work.tenantKeys.byId(tenantId, keyId));
      for (const [table, cells] of Object.entries(tenantSealedTables))
        resealed += await resealTable(work, tenantId, table, cells, [
          keyId,
          current.id,
          from.toString('base64'),
          to.toString('base64'),
        ]);
      from.fill(0);
    }
    return resealed;
  } finally {
    to.fill(0);
  }
}

async function retiredKeys(work: KeyWork, tenantId: string): Promise<string[]> {
  const { rows } = await work.stores.vaultOf(tenantId).query<{
    id: string;
  }>(`SELECT id FROM vault.tenant_keys WHERE tenant_id = $1 AND purpose = 'data' AND retired_at IS NOT NULL`, [tenantId]);
  return rows.map(({ id }) => id);
}

async function resealTable(
  work: KeyWork,
  tenantId: string,
  table: string,
  cells: readonly string[],
  keys: readonly [fromId: string, toId: string, from: string, to: string],
): Promise<number> {
  const sealedAnew = cells.map((cell) => `${cell} = cordon.reseal_cell(${cell}, $4, $5)`).join(', ');
  const opens = cells
    .map((cell) => `(${cell} IS NULL OR cordon.try_open_cell(${cell}, $4) IS NOT NULL)`)
    .join(' AND ');
  let resealed = 0;
  for (;;) {
    const { rowCount } = await poolOf(work, table).query(
      systemContext(tenantId),
      `UPDATE ${table} SET ${sealedAnew}, key_id = $3 WHERE tenant_id = $1 AND id IN (
         SELECT id FROM ${table} WHERE tenant_id = $1 AND key_id = $2 AND ${opens} LIMIT ${rowsAStep} FOR UPDATE)`,
      [tenantId, ...keys],
    );
    resealed += rowCount ?? 0;
    if ((rowCount ?? 0) < rowsAStep) return resealed;
  }
}

/** Whether anything is still sealed under this key of the tenant. */
export async function isUnderTenantKey(work: KeyWork, tenantId: string, keyId: string): Promise<boolean> {
  for (const table of Object.keys(tenantSealedTables)) {
    const { rowCount } = await poolOf(work, table).query(
      systemContext(tenantId),
      `SELECT FROM ${table} WHERE tenant_id = $1 AND key_id = $2 LIMIT 1`,
      [tenantId, keyId],
    );
    if (rowCount !== 0) return true;
  }
  return false;
}
