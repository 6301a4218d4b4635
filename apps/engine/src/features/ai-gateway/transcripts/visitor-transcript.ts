import { createHash } from 'node:crypto';
import type { Transaction } from '@cordon/row-security';
import { uuidOfDigest } from '../../../audit/uuid-of-digest.ts';
import { EngineError } from '../../../error.ts';
import { refuseWhenAway } from '../../../stores/stores.ts';
import { systemContext } from '../../../stores/system-context.ts';
import type { EngineContext } from '../../../pipeline/engine-context.ts';
import { openForTenant, sealForTenant } from '../../../pipeline/tenant-cells.ts';
import type { ReadyCall } from '../call.ts';
import { readTurns, writeTurns, type Turn } from './transcript-text.ts';

const table = 'marketing.public_chats';

/** A visitor's conversation as it is kept. */
export interface VisitorRow {
  readonly id: string;
  /** `closed`: erased by its visitor; the row stays as the mark that nothing is to be kept of it. */
  readonly state: 'open' | 'handed-over' | 'closed';
  readonly key_id: string;
  readonly transcript: Buffer;
  readonly started_at: Date;
}

/** Whose row it is stands in its id: another visitor's conversation of the same name is another row. */
export const visitorRowId = (subject: string, conversation: string): string =>
  uuidOfDigest(createHash('sha256').update(`${subject} ${conversation}`).digest());

export async function findVisitorRow(
  transaction: Transaction,
  tenantId: string,
  id: string,
): Promise<VisitorRow | undefined> {
  const { rows } = await transaction.query<VisitorRow>(
    `SELECT id, state, key_id, transcript, started_at FROM marketing.public_chats
     WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
    [tenantId, id],
  );
  return rows[0];
}

/** What was said, or null where it does not open. Called after the audit entry is durable, and only then. */
export async function openVisitorTurns(
  engine: EngineContext,
  transaction: Transaction,
  tenantId: string,
  row: VisitorRow,
): Promise<Turn[] | null> {
  const cell = { ...cellOf(row.id), ciphertext: row.transcript, keyId: row.key_id };
  const [text = null] = await openForTenant(engine, transaction, tenantId, [cell]);
  return text === null ? null : readTurns(text);
}

/** Adds turns to a visitor's conversation; of one that its visitor has erased nothing is kept any more. */
export async function keepVisitorTurns(
  engine: EngineContext,
  { caller, asked, purpose }: ReadyCall,
  turns: readonly Turn[],
): Promise<void> {
  const { tenantId } = caller;
  const id = visitorRowId(caller.subject, asked.conversation);
  await refuseWhenAway('records-unavailable', () =>
    engine.stores.pools.engine_marketing.within(systemContext(tenantId), async (transaction) => {
      const row = await findVisitorRow(transaction, tenantId, id);
      if (row?.state === 'closed') return;
      const before = row === undefined ? [] : await openVisitorTurns(engine, transaction, tenantId, row);
      if (before === null)
        throw new EngineError('keys-unavailable', { detail: 'a transcript does not open' });
      await writeVisitorRow(engine, transaction, tenantId, id, {
        state: 'open',
        text: writeTurns([...before, ...turns]),
        purposeId: purpose.id,
      });
    }),
  );
}

/**
 * The words go. The row is made where there is none: an answer that was stopped may be on its way to the store, and must find
 * that it is not wanted.
 */
export const eraseVisitorRow = (
  engine: EngineContext,
  transaction: Transaction,
  tenantId: string,
  id: string,
): Promise<void> =>
  writeVisitorRow(engine, transaction, tenantId, id, { state: 'closed', text: '', purposeId: null });

const cellOf = (rowId: string) => ({ table, column: 'transcript', rowId });

/** Once closed a row stays so, whoever writes at the same time. */
async function writeVisitorRow(
  engine: EngineContext,
  transaction: Transaction,
  tenantId: string,
  id: string,
  {
    state,
    text,
    purposeId,
  }: { readonly state: 'open' | 'closed'; readonly text: string; readonly purposeId: string | null },
): Promise<void> {
  const { keyId, sealed } = await sealForTenant(engine, transaction, tenantId, [
    { ...cellOf(id), plaintext: text },
  ]);
  await transaction.query(
    `INSERT INTO marketing.public_chats AS c (tenant_id, id, state, key_id, transcript, purpose_id)
       VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (tenant_id, id) DO UPDATE
       SET state = excluded.state, key_id = excluded.key_id, transcript = excluded.transcript,
         purpose_id = coalesce(excluded.purpose_id, c.purpose_id), updated_at = now()
       WHERE c.state <> 'closed'`,
    [tenantId, id, state, keyId, sealed[0], purposeId],
  );
}
