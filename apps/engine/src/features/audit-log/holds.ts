import { randomUUID } from 'node:crypto';
import type { AuditAction, AuditEntry, EngineReason } from '../../audit/entry.ts';
import { EngineError } from '../../error.ts';
import type { KeyWork } from '../../keys/key-work.ts';
import type { FindDone, OpenIntent } from '../../outbox/settle-intents.ts';
import { listTenants } from '../../outbox/list-tenants.ts';
import { systemContext } from '../../stores/system-context.ts';
import { openForTenant, sealForTenant } from '../../pipeline/tenant-cells.ts';

export interface LegalHold {
  readonly holdId: string;
  /** Days, the second not included; null: without an end. Months that hold one of them are not dropped. */
  readonly from: string;
  readonly to: string | null;
  readonly placedAt: Date;
  readonly liftedAt: Date | null;
  /** Null where it cannot be opened any more. */
  readonly reason: string | null;
  readonly liftedReason: string | null;
}

const reasonCell = (rowId: string) => ({ table: 'clinical.audit_hold_reasons', column: 'reason', rowId });

/**
 * Places a hold on the entries of a stretch of time. A month holds the entries of all tenants, so one tenant's hold keeps the
 * whole month. Who acts is the operator at the command line; the reason is ciphertext in the clinical store.
 * @throws EngineError `hold-refused` for a tenant that is none or an end before the beginning; `…-unavailable`
 */
export async function placeHold(
  work: KeyWork,
  asked: { tenantId: string; from: string; to?: string | undefined; reason: string },
): Promise<{ holdId: string }> {
  const { tenantId, from, to, reason } = asked;
  if ((to !== undefined && to <= from) || !(await listTenants(work.stores)).includes(tenantId))
    throw new EngineError('hold-refused');
  const holdId = randomUUID();
  await withOutcome(work, describe(tenantId, 'legal-hold.placed', holdId), async () => {
    await keepReason(work, tenantId, { holdId, kind: 'placed', reason });
    await work.stores.pools.engine_audit.query(
      systemContext(tenantId),
      'SELECT audit.place_hold($1, $2, $3::timestamptz, $4::timestamptz)',
      [tenantId, holdId, `${from}Z`, to === undefined ? 'infinity' : `${to}Z`],
    );
  });
  return { holdId };
}

/** For the outcomes of commands that were killed: a hold or a lift that is recorded is in force. */
export const findRecordedHolds: FindDone = async (stores, tenantId, intents) => {
  const kinds: Partial<Record<AuditAction, string>> = {
    'legal-hold.placed': 'placed',
    'legal-hold.lifted': 'released',
  };
  const asked = intents.filter(({ action }) => kinds[action] !== undefined);
  if (asked.length === 0) return new Set();
  const { rows } = await stores.pools.audit_reader.query<{ name: string }>(
    { ...systemContext(tenantId), readable: ['auditLogEntry'] },
    "SELECT kind || ' ' || hold_id AS name FROM audit.legal_holds WHERE tenant_id = $1 AND hold_id = ANY ($2::uuid[])",
    [tenantId, asked.map((intent) => intent.resource_id)],
  );
  const recorded = new Set(rows.map(({ name }) => name));
  const isRecorded = ({ action, resource_id }: OpenIntent): boolean =>
    recorded.has(`${kinds[action] ?? ''} ${resource_id ?? ''}`);
  return new Set(asked.filter(isRecorded).map(({ id }) => id));
};

/** Lifts a hold. @throws EngineError `hold-unknown` where none of that id is in force; `…-unavailable` */
export async function liftHold(
  work: KeyWork,
  { tenantId, holdId, reason }: { tenantId: string; holdId: string; reason: string },
): Promise<{ holdId: string }> {
  const entry = describe(tenantId, 'legal-hold.lifted', holdId);
  const inForce = (await readHolds(work, tenantId)).some(
    (hold) => hold.hold_id === holdId && hold.lifted_at === null,
  );
  if (!inForce) {
    await work.audit.append([
      { ...entry, outcome: 'none', decision: 'deny', reasonCode: 'no-such-record' satisfies EngineReason },
    ]);
    throw new EngineError('hold-unknown');
  }
  await withOutcome(work, entry, async () => {
    await keepReason(work, tenantId, { holdId, kind: 'released', reason });
    const { rows } = await work.stores.pools.engine_audit.query<{ lifted: boolean }>(
      systemContext(tenantId),
      'SELECT audit.lift_hold($1, $2) AS lifted',
      [tenantId, holdId],
    );
    if (rows[0]?.lifted !== true) throw new EngineError('hold-unknown');
  });
  return { holdId };
}

/** Every hold of a tenant, lifted ones too. That somebody asked is an entry, made durable first. */
export async function listHolds(work: KeyWork, tenantId: string): Promise<LegalHold[]> {
  const holds = await readHolds(work, tenantId);
  await work.audit.append([
    { ...describe(tenantId, 'legal-hold.listed'), outcome: 'none', recordCount: holds.length },
  ]);
  const reasons = await openReasons(work, tenantId);
  return holds.map((hold) => ({
    holdId: hold.hold_id,
    from: hold.starts_on,
    to: hold.ends_on,
    placedAt: hold.placed_at,
    liftedAt: hold.lifted_at,
    reason: reasons.get(`placed ${hold.hold_id}`) ?? null,
    liftedReason: reasons.get(`released ${hold.hold_id}`) ?? null,
  }));
}

function describe(
  tenantId: string,
  action: AuditAction,
  resourceId?: string,
): Omit<AuditEntry, 'outcome'> & { outcome?: undefined } {
  return {
    id: randomUUID(),
    tenantId,
    initiatorType: 'system',
    action,
    resourceType: 'LegalHold',
    resourceId,
    dataClassIds: ['auditLogEntry'],
    decision: 'permit',
    reasonCode: 'granted',
  };
}

async function withOutcome(
  work: KeyWork,
  entry: ReturnType<typeof describe>,
  change: () => Promise<void>,
): Promise<void> {
  await work.audit.append([{ ...entry, outcome: 'intent' }]);
  const settle = (outcome: 'success' | 'failure') =>
    work.audit.append([{ ...entry, id: randomUUID(), intentId: entry.id, outcome }]);
  try {
    await change();
  } catch (error) {
    await settle('failure');
    throw error;
  }
  await settle('success');
}

async function keepReason(
  work: KeyWork,
  tenantId: string,
  { holdId, kind, reason }: { holdId: string; kind: 'placed' | 'released'; reason: string },
): Promise<void> {
  const rowId = randomUUID();
  await work.stores.withTenantJob(tenantId, async (transaction) => {
    const cell = { ...reasonCell(rowId), plaintext: reason };
    const { keyId, sealed } = await sealForTenant(work, transaction, tenantId, [cell]);
    // A lift that was killed half way left its reason: this one says why it was lifted.
    await transaction.query(
      `INSERT INTO clinical.audit_hold_reasons (tenant_id, id, hold_id, kind, key_id, reason) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (tenant_id, hold_id, kind) DO UPDATE SET id = excluded.id, key_id = excluded.key_id, reason = excluded.reason`,
      [tenantId, rowId, holdId, kind, keyId, sealed[0]],
    );
  });
}

async function openReasons(work: KeyWork, tenantId: string): Promise<Map<string, string | null>> {
  return work.stores.withTenantJob(tenantId, async (transaction) => {
    const { rows } = await transaction.query<{
      id: string;
      hold_id: string;
      kind: string;
      key_id: string;
      reason: Buffer;
    }>(
      'SELECT id, hold_id, kind, key_id, reason FROM clinical.audit_hold_reasons WHERE tenant_id = $1 LIMIT 10000',
      [tenantId],
    );
    const cells = rows.map((row) => ({ ...reasonCell(row.id), ciphertext: row.reason, keyId: row.key_id }));
    const opened = await openForTenant(work, transaction, tenantId, cells);
    return new Map(rows.map((row, place) => [`${row.kind} ${row.hold_id}`, opened[place] ?? null]));
  });
}

async function readHolds(work: KeyWork, tenantId: string) {
  const context = { ...systemContext(tenantId), readable: ['auditLogEntry'] };
  const { rows } = await work.stores.pools.audit_reader.query<{
    hold_id: string;
    starts_on: string;
    ends_on: string | null;
    placed_at: Date;
    lifted_at: Date | null;
  }>(
    context,
    `SELECT h.hold_id, to_char(h.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS starts_on,
       CASE WHEN isfinite(h.ends_at) THEN to_char(h.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') END AS ends_on,
       h.recorded_at AS placed_at, r.recorded_at AS lifted_at
     FROM audit.legal_holds h
     LEFT JOIN audit.legal_holds r ON r.tenant_id = h.tenant_id AND r.hold_id = h.hold_id AND r.kind = 'released'
     WHERE h.tenant_id = $1 AND h.kind = 'placed' ORDER BY h.recorded_at, h.hold_id LIMIT 10000`,
    [tenantId],
  );
  return rows;
}
