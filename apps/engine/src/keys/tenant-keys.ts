import { randomUUID } from 'node:crypto';
import { createLocalKeyManagement, generateDataKey, type KeyManagement } from '@cordon/field-encryption';
import { EngineError } from '../error.ts';
import type { Stores } from '../stores/stores.ts';
import { createKeyCache } from './key-cache.ts';

/** `data` wraps the patients' keys, `search` makes blind tokens, `repeat` knows a creation that is sent twice again. */
export type TenantKeyPurpose = 'data' | 'search' | 'repeat';

export interface TenantKey {
  readonly id: string;
  readonly key: Buffer;
}

/** While a search key is being replaced there are two: whoever searches asks with both. */
export interface SearchKeys {
  /** The current one first. */
  readonly all: readonly TenantKey[];
  /** What new tokens are made with: the earlier key too, as long as another process may know that one alone. */
  readonly written: readonly TenantKey[];
}

/** A tenant's keys, each wrapped by the root key. */
export interface TenantKeys {
  /** The current key; made at its first use. A copy, as `byId` gives one. */
  current(tenantId: string, purpose: Exclude<TenantKeyPurpose, 'search'>): Promise<TenantKey>;
  /** Copies, to be overwritten with `wipeSearchKeys`. */
  search(tenantId: string): Promise<SearchKeys>;
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

/** Overwrites the copies that `search` handed out. */
export function wipeSearchKeys({ all }: SearchKeys): void {
  for (const { key } of all) key.fill(0);
}

/** How long reads go on while key management is away. */
const tenantKeyLifeMs = 300_000;
/** How long a process may take a key for the current one that another has replaced. */
const currentKnownMs = 60_000;

interface KnownKey {
  readonly id: string;
  readonly written: boolean;
}

export function createTenantKeys(
  stores: Stores,
  root: KeyManagement,
  { lifeMs = tenantKeyLifeMs }: { lifeMs?: number } = {},
): TenantKeys {
  const byId = createKeyCache({ maxEntries: 2_000, lifeMs });
  const known = new Map<string, { keys: readonly KnownKey[]; until: number }>();
  // Grows when all is forgotten: what was asked for before is handed on once, and not kept.
  let forgotten = 0;

  const opening = new Map<string, Promise<Buffer>>();

  async function open(tenantId: string, row: TenantKeyRow): Promise<Buffer> {
    const [since, before] = [Date.now(), forgotten];
    try {
      const key = await root.unwrap(
        row.wrapped,
        row.root_key_id,
        tenantKeyContext(tenantId, row.purpose, row.id),
      );
      if (before === forgotten) byId.put(`${tenantId} ${row.id}`, key, since);
      // Whoever waited has a copy by then.
      setImmediate(() => key.fill(0));
      return key;
    } catch (error) {
      throw new EngineError('keys-unavailable', { detail: 'a tenant key does not unwrap', cause: error });
    }
  }

  /** All who need a key wait for one answer: a service that is slow is not asked by each request anew. */
  async function unwrap(tenantId: string, row: TenantKeyRow): Promise<Buffer> {
    const name = `${tenantId} ${row.id}`;
    const cached = byId.get(name);
    if (cached !== undefined) return cached;
    let coming = opening.get(name);
    if (coming === undefined) {
      coming = open(tenantId, row).finally(() => opening.delete(name));
      opening.set(name, coming);
    }
    return Buffer.from(await coming);
  }

  /** Keys that are in use: the current one first, and for searching those that it is replacing. */
  async function find(tenantId: string, purpose: TenantKeyPurpose): Promise<(TenantKeyRow & KnownKey)[]> {
    const { rows } = await stores.vaultOf(tenantId).query<TenantKeyRow & KnownKey>(
      `SELECT id, purpose, wrapped, root_key_id,
         coalesce(retired_at > now() - make_interval(secs => $3), true) AS written
       FROM vault.tenant_keys WHERE tenant_id = $1 AND purpose = $2 AND (retired_at IS NULL OR purpose = 'search')
       ORDER BY retired_at DESC NULLS FIRST`,
      [tenantId, purpose, (2 * currentKnownMs) / 1000],
    );
    return rows;
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

  /** Copies of the keys in use, out of the cache while it has them all. */
  async function inUse(tenantId: string, purpose: TenantKeyPurpose): Promise<(TenantKey & KnownKey)[]> {
    const name = `${tenantId} ${purpose}`;
    const remembered = known.get(name);
    if (remembered !== undefined && remembered.until > Date.now()) {
      const cached = remembered.keys.flatMap((one) => {
        const key = byId.get(`${tenantId} ${one.id}`);
        return key === undefined ? [] : [{ ...one, key }];
      });
      if (cached.length === remembered.keys.length) return cached;
    }
    const [since, before] = [Date.now(), forgotten];
    let rows = await find(tenantId, purpose);
    if (rows.length === 0) {
      await create(tenantId, purpose);
      rows = await find(tenantId, purpose);
    }
    const keys: (TenantKey & KnownKey)[] = [];
    for (const row of rows) keys.push({ id: row.id, written: row.written, key: await unwrap(tenantId, row) });
    if (before === forgotten)
      known.set(name, {
        keys: rows.map(({ id, written }) => ({ id, written })),
        until: since + currentKnownMs,
      });
    return keys;
  }

  return {
    async current(tenantId, purpose) {
      const [key] = await inUse(tenantId, purpose);
      if (key === undefined)
        throw new EngineError('keys-unavailable', { detail: 'a tenant key was not made' });
      return key;
    },
    async search(tenantId) {
      const all = await inUse(tenantId, 'search');
      if (all[0]?.written !== true)
        throw new EngineError('keys-unavailable', { detail: 'a search key was not made' });
      return { all, written: all.filter(({ written }) => written) };
    },
    async byId(tenantId, id) {
      const cached = byId.get(`${tenantId} ${id}`);
      if (cached !== undefined) return cached;
      const { rows } = await stores
        .vaultOf(tenantId)
        .query<TenantKeyRow>(
          'SELECT id, purpose, wrapped, root_key_id FROM vault.tenant_keys WHERE tenant_id = $1 AND id = $2',
          [tenantId, id],
        );
      const [row] = rows;
      if (row === undefined) throw new EngineError('keys-unavailable', { detail: 'a tenant key is missing' });
      return unwrap(tenantId, row);
    },
    forgetAll() {
      forgotten += 1;
      byId.empty();
      known.clear();
    },
    close() {
      byId.close();
    },
  };
}
