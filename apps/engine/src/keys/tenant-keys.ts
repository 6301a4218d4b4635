import { randomUUID } from 'node:crypto';
import { createLocalKeyManagement, generateDataKey, type KeyManagement } from '@cordon/field-encryption';
import { EngineError } from '../error.ts';
import type { Stores } from '../stores/stores.ts';
import { createKeyCache } from './key-cache.ts';

export type TenantKeyPurpose = 'data' | 'search';

/** A tenant's keys, each wrapped by the root key: `data` wraps the patients' keys, `search` makes blind tokens. */
export interface TenantKeys {
  /** The current key; made at its first use. A copy, as `byId` gives one. */
  current(tenantId: string, purpose: TenantKeyPurpose): Promise<{ id: string; key: Buffer }>;
  /** The key that wrapped something earlier. */
  byId(tenantId: string, id: string): Promise<Buffer>;
  /** Empties the cache of keys, which are overwritten. */
  forgetAll(): void;
  close(): void;
}

export interface TenantKeyRow {
  readonly id: string;
  readonly purpose: TenantKeyPurpose;
  readonly wrapped: Buffer;
  readonly root_key_id: string;
}

/** What a tenant's wrapped key is bound to. */
export const tenantKeyContext = (tenantId: string, purpose: TenantKeyPurpose, id: string): string =>
  `cordon tenant-key ${tenantId} ${purpose} ${id}`;

/** Wraps and unwraps under a tenant's own key. */
export function keyManagementOf(key: Buffer, id: string): KeyManagement {
  return createLocalKeyManagement({ rootKey: key, rootKeyId: id });
}

type Condition = 'id = $2' | 'purpose = $2 AND retired_at IS NULL';

/** How long reads go on while key management is away. */
export const tenantKeyLifeMs = 300_000;
const currentKnownMs = 60_000;

export function createTenantKeys(
  stores: Stores,
  root: KeyManagement,
  { lifeMs = tenantKeyLifeMs }: { lifeMs?: number } = {},
): TenantKeys {
  const byId = createKeyCache({ maxEntries: 2_000, lifeMs });
  const currentIds = new Map<string, { id: string; until: number }>();

  async function unwrap(tenantId: string, row: TenantKeyRow): Promise<Buffer> {
    const cached = byId.get(`${tenantId} ${row.id}`);
    if (cached !== undefined) return cached;
    try {
      const key = await root.unwrap(
        row.wrapped,
        row.root_key_id,
        tenantKeyContext(tenantId, row.purpose, row.id),
      );
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
    const { wrapped, keyId } = await root.wrap(generateDataKey(), tenantKeyContext(tenantId, purpose, id));
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
      currentIds.set(`${tenantId} ${purpose}`, { id: row.id, until: Date.now() + currentKnownMs });
      return { id: row.id, key: await unwrap(tenantId, row) };
    },
    async byId(tenantId, id) {
      const cached = byId.get(`${tenantId} ${id}`);
      if (cached !== undefined) return cached;
      const row = await find(tenantId, 'id = $2', id);
      if (row === undefined) throw new EngineError('keys-unavailable', { detail: 'a tenant key is missing' });
      return unwrap(tenantId, row);
    },
    forgetAll() {
      byId.empty();
      currentIds.clear();
    },
    close() {
      byId.close();
    },
  };
}
