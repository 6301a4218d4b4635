import { randomUUID } from 'node:crypto';
import { createLocalKeyManagement, generateDataKey, type KeyManagement } from '@cordon/field-encryption';
import { EngineError } from '../error.ts';
import type { Stores } from '../stores/stores.ts';
import { createKeyCache } from './key-cache.ts';

export type TenantKeyPurpose = 'data' | 'search';

/** A tenant's keys, each wrapped by the root key: `data` wraps the patients' keys, `search` makes blind tokens. */
export interface TenantKeys {
  /** The current key; made at its first use. */
  current(tenantId: string, purpose: TenantKeyPurpose): Promise<{ id: string; key: Buffer }>;
  /** The key that wrapped something earlier. */
  byId(tenantId: string, id: string): Promise<Buffer>;
  close(): void;
}

interface TenantKeyRow {
  id: string;
  purpose: TenantKeyPurpose;
  wrapped: Buffer;
  root_key_id: string;
}

const contextOf = (tenantId: string, purpose: TenantKeyPurpose, id: string) =>
  `cordon tenant-key ${tenantId} ${purpose} ${id}`;

/** Wraps and unwraps under a tenant's own key. */
export function keyManagementOf(key: Buffer, id: string): KeyManagement {
  return createLocalKeyManagement({ rootKey: key, rootKeyId: id });
}

type Condition = 'id = $2' | 'purpose = $2 AND retired_at IS NULL';

export function createTenantKeys(stores: Stores, root: KeyManagement): TenantKeys {
  const byId = createKeyCache({ maxEntries: 2_000, lifeMs: 300_000 });
  const currentIds = new Map<string, { id: string; until: number }>();

  async function unwrap(tenantId: string, row: TenantKeyRow): Promise<Buffer> {
    try {
      const key = await root.unwrap(row.wrapped, row.root_key_id, contextOf(tenantId, row.purpose, row.id));
      byId.put(`${tenantId} ${row.id}`, key);
      return key;
    } catch (error) {
      throw new EngineError('keys-unavailable', { detail: 'a tenant key does not unwrap', cause: error });
    }
  }

  async function find(tenantId: string, where: Condition, value: string): Promise<TenantKeyRow | undefined> {
    const { rows } = await stores
      .vaultOf(tenantId)
      .query<TenantKeyRow>(
        `SELECT id, purpose, wrapped, root_key_id FROM vault.tenant_keys WHERE tenant_id = $1 AND ${where}`,
        [tenantId, value],
      );
    return rows[0];
  }

  async function create(tenantId: string, purpose: TenantKeyPurpose): Promise<void> {
    const id = randomUUID();
    const { wrapped, keyId } = await root.wrap(generateDataKey(), contextOf(tenantId, purpose, id));
    await stores.vaultOf(tenantId).query(
      `INSERT INTO vault.tenant_keys (tenant_id, id, purpose, wrapped, root_key_id)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, purpose) WHERE retired_at IS NULL DO NOTHING`,
      [tenantId, id, purpose, wrapped, keyId],
    );
  }

  return {
    async current(tenantId, purpose) {
      const known = currentIds.get(`${tenantId} ${purpose}`);
      const cached = known && known.until > Date.now() ? byId.get(`${tenantId} ${known.id}`) : undefined;
      if (known !== undefined && cached !== undefined) return { id: known.id, key: cached };
      const where = 'purpose = $2 AND retired_at IS NULL';
      let row = await find(tenantId, where, purpose);
      if (row === undefined) {
        await create(tenantId, purpose);
        row = await find(tenantId, where, purpose);
      }
      if (row === undefined)
        throw new EngineError('keys-unavailable', { detail: 'a tenant key was not made' });
      currentIds.set(`${tenantId} ${purpose}`, { id: row.id, until: Date.now() + 60_000 });
      return { id: row.id, key: await unwrap(tenantId, row) };
    },
    async byId(tenantId, id) {
      const cached = byId.get(`${tenantId} ${id}`);
      if (cached !== undefined) return cached;
      const row = await find(tenantId, 'id = $2', id);
      if (row === undefined) throw new EngineError('keys-unavailable', { detail: 'a tenant key is missing' });
      return unwrap(tenantId, row);
    },
    close() {
      byId.close();
    },
  };
}
