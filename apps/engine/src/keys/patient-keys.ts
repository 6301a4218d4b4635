import { randomUUID } from 'node:crypto';
import { generateDataKey } from '@cordon/field-encryption';
import type { AuditReceipt } from '../audit/receipt.ts';
import { EngineError } from '../error.ts';
import type { Stores } from '../stores/stores.ts';
import { createKeyCache } from './key-cache.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { keyManagementOf, type TenantKeys } from './tenant-keys.ts';

export interface DataKey {
  readonly keyId: string;
  readonly key: Buffer;
}

/** What opens and seals one patient's cells. The buffers belong to the caller, who overwrites them when done. */
export interface PatientKey extends DataKey {
  /** Keys that were replaced a short while ago, newest first: they open what is not yet written anew, and seal nothing. */
  readonly earlier: readonly DataKey[];
}

/**
 * Patients' data keys. Each release asks for the receipt of a durable audit entry that names the patient, from the cache or
 * not; `discloseRecords` and `changeRecord` make the entry first.
 */
export interface PatientKeys {
  /** Makes key and audit pseudonym before the row that needs them; a key never confirmed is swept. */
  create(tenantId: string, patientId: string, pseudonym: string, receipt: AuditReceipt): Promise<PatientKey>;
  confirm(tenantId: string, patientId: string): Promise<void>;
  /** By patient id. A patient whose key was destroyed is not in the answer. @throws EngineError `keys-unavailable`. */
  load(
    tenantId: string,
    patientIds: readonly string[],
    receipt: AuditReceipt,
  ): Promise<Map<string, PatientKey>>;
  pseudonyms(tenantId: string, patientIds: readonly string[]): Promise<Map<string, string>>;
  /** For what is used again without its key. @throws EngineError the reason, while keys are shut */
  requireOpen(): void;
  /** Takes one patient's keys and pseudonym out of the cache. */
  forget(tenantId: string, patientId: string): void;
  /** Whose keys were destroyed for good: nothing of theirs is released any more, whatever the vault may hold. */
  bury(tenantId: string, patientIds: readonly string[]): void;
  /** Releases nothing any more, and throws the reason instead, until it is opened again. */
  shut(reason: EngineError | undefined): void;
  /** Empties the cache of keys, which are overwritten. */
  forgetAll(): void;
  close(): void;
}

export interface KeyRow {
  readonly id: string;
  readonly patient_id: string;
  readonly tenant_key_id: string;
  readonly wrapped: Buffer;
}

/** What a patient's wrapped key is bound to. */
export const patientKeyContext = (tenantId: string, patientId: string, id: string): string =>
  `cordon patient-key ${tenantId} ${patientId} ${id}`;

/** How long a key may be used after it was last fetched: also how long one lives on that another replica destroyed. */
export const patientKeyLifeMs = 60_000;
const mostPatients = 20_000;

/** Overwrites the copies that a release handed out. */
export function wipeKeys(keys: Iterable<PatientKey>): void {
  for (const { key, earlier } of keys)
    for (const each of [key, ...earlier.map((one) => one.key)]) each.fill(0);
}

export function createPatientKeys(
  stores: Stores,
  tenantKeys: TenantKeys,
  { lifeMs = patientKeyLifeMs }: { lifeMs?: number } = {},
): PatientKeys {
  // The ids of a patient's keys, newest first, each 16 bytes long as text and key: one entry, gone as a whole.
  const cache = createKeyCache({ maxEntries: mostPatients, lifeMs });
  const pseudonyms = createPseudonyms(stores);
  const buried = new Set<string>();
  // Grows whenever something is forgotten: what was asked for before is handed on once, and not kept.
  let forgotten = 0;
  let shutBy: EngineError | undefined;
  const requireOpen = (): void => {
    if (shutBy !== undefined) throw shutBy;
  };

  async function unwrap(tenantId: string, row: KeyRow): Promise<DataKey> {
    const tenantKey = await tenantKeys.byId(tenantId, row.tenant_key_id);
    try {
      const context = patientKeyContext(tenantId, row.patient_id, row.id);
      const key = await keyManagementOf(tenantKey, row.tenant_key_id).unwrap(
        row.wrapped,
        row.tenant_key_id,
        context,
      );
      return { key, keyId: row.id };
    } catch (error) {
      throw new EngineError('keys-unavailable', { detail: 'a patient key does not unwrap', cause: error });
    } finally {
      tenantKey.fill(0);
    }
  }

  async function fetch(tenantId: string, patientIds: readonly string[]): Promise<Map<string, DataKey[]>> {
    const { rows } = await stores.vaultOf(tenantId).query<KeyRow>(
      `SELECT k.id, k.patient_id, k.tenant_key_id, k.wrapped FROM vault.patient_keys k
         WHERE k.tenant_id = $1 AND k.patient_id = ANY ($2::uuid[])
           -- A row that somebody put back is no key.
           AND NOT EXISTS (SELECT FROM vault.tombstones t WHERE t.tenant_id = k.tenant_id AND t.patient_id = k.patient_id)
         ORDER BY k.superseded_at DESC NULLS FIRST`,
      [tenantId, patientIds],
    );
    const found = new Map<string, DataKey[]>();
    for (const row of rows) {
      const keys = found.get(row.patient_id) ?? [];
      keys.push(await unwrap(tenantId, row));
      found.set(row.patient_id, keys);
    }
    return found;
  }

  return {
    async create(tenantId, patientId, pseudonym, receipt) {
      requireOpen();
      requireReceipt(receipt, tenantId, pseudonym);
      const [since, before] = [Date.now(), forgotten];
      const tenantKey = await tenantKeys.current(tenantId, 'data');
      const made = { keyId: randomUUID(), key: generateDataKey() };
      const { wrapped } = await keyManagementOf(tenantKey.key, tenantKey.id).wrap(
        made.key,
        patientKeyContext(tenantId, patientId, made.keyId),
      );
      tenantKey.key.fill(0);
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
      if (before === forgotten) {
        pseudonyms.remember(tenantId, patientId, pseudonym);
        cache.put(`${tenantId} ${patientId}`, pack([made]), since);
      }
      return { ...made, earlier: [] };
    },

    async confirm(tenantId, patientId) {
      await stores.vaultOf(tenantId).query(
        `UPDATE vault.patient_keys SET confirmed_at = now()
           WHERE tenant_id = $1 AND patient_id = $2 AND confirmed_at IS NULL`,
        [tenantId, patientId],
      );
    },

    async load(tenantId, patientIds, receipt) {
      requireOpen();
      const known = await pseudonyms.of(tenantId, patientIds);
      requireOpen();
      const found = new Map<string, PatientKey>();
      const missing: string[] = [];
      for (const [patientId, pseudonym] of known) {
        requireReceipt(receipt, tenantId, pseudonym);
        if (buried.has(`${tenantId} ${patientId}`)) continue;
        const cached = cache.get(`${tenantId} ${patientId}`);
        if (cached === undefined) missing.push(patientId);
        else found.set(patientId, unpack(cached));
      }
      if (missing.length === 0) return found;
      const [since, before] = [Date.now(), forgotten];
      const fetched = await fetch(tenantId, missing);
      for (const [patientId, keys] of fetched) {
        const name = `${tenantId} ${patientId}`;
        const packed = pack(keys);
        for (const { key } of keys) key.fill(0);
        // The keys were shut, or these destroyed for good, while the vault was asked.
        if (shutBy !== undefined || buried.has(name)) packed.fill(0);
        else {
          if (before === forgotten) cache.put(name, packed, since);
          found.set(patientId, unpack(packed));
        }
      }
      if (shutBy !== undefined) wipeKeys(found.values());
      requireOpen();
      return found;
    },

    pseudonyms: (tenantId, patientIds) => pseudonyms.of(tenantId, patientIds),

    requireOpen,

    forget(tenantId, patientId) {
      forgotten += 1;
      cache.drop(`${tenantId} ${patientId}`);
      pseudonyms.forget(tenantId, patientId);
    },

    bury(tenantId, patientIds) {
      forgotten += 1;
      for (const patientId of patientIds) {
        buried.add(`${tenantId} ${patientId}`);
        cache.drop(`${tenantId} ${patientId}`);
        pseudonyms.forget(tenantId, patientId);
      }
    },

    shut(reason) {
      shutBy = reason;
      if (reason === undefined) return;
      forgotten += 1;
      cache.empty();
    },

    forgetAll() {
      forgotten += 1;
      cache.empty();
      pseudonyms.forgetAll();
    },

    close() {
      cache.close();
    },
  };
}

function requireReceipt(receipt: AuditReceipt, tenantId: string, pseudonym: string): void {
  if (!receipt.covers(tenantId, pseudonym))
    throw new EngineError('keys-unavailable', {
      detail: 'a key was asked for without a durable audit entry that names its patient',
    });
}

const idBytes = 36;
const keyBytes = 32;

/** Ids and keys side by side in one buffer, so that a patient's keys are kept, and overwritten, together. */
function pack(keys: readonly DataKey[]): Buffer {
  return Buffer.concat(keys.flatMap(({ keyId, key }) => [Buffer.from(keyId, 'latin1'), key]));
}

/** Takes the buffer over: the keys are views of it. */
function unpack(packed: Buffer): PatientKey {
  const keys: DataKey[] = [];
  for (let at = 0; at < packed.length; at += idBytes + keyBytes)
    keys.push({
      keyId: packed.toString('latin1', at, at + idBytes),
      key: packed.subarray(at + idBytes, at + idBytes + keyBytes),
    });
  const [current, ...earlier] = keys;
  if (current === undefined) throw new EngineError('keys-unavailable', { detail: 'an empty cache entry' });
  return { ...current, earlier };
}
