import { createHash } from 'node:crypto';
import { uuidOfDigest } from '../../../audit/uuid-of-digest.ts';
import { EngineError } from '../../../error.ts';
import { refuseWhenAway } from '../../../stores/stores.ts';
import { systemContext } from '../../../stores/system-context.ts';
import type { EngineContext } from '../../../walk/engine-context.ts';
import { openForTenant, sealForTenant } from '../../../walk/tenant-cells.ts';
import type { ReadyCall } from '../call.ts';
import { readTurns, writeTurns, type Turn } from './transcript-text.ts';

const table = 'marketing.public_chats';

/** Adds turns to a visitor's conversation. Its row is the visitor's own: another one's conversation of the same id is another row. */
export async function keepVisitorTurns(
  engine: EngineContext,
  call: ReadyCall,
  turns: readonly Turn[],
): Promise<void> {
  const { tenantId } = call.caller;
  const id = rowOf(call);
  const cell = { table, column: 'transcript', rowId: id };
  await refuseWhenAway('records-unavailable', () =>
    engine.stores.pools.engine_marketing.within(systemContext(tenantId), async (transaction) => {
      const { rows } = await transaction.query<{ transcript: Buffer; key_id: string }>(
        'SELECT transcript, key_id FROM marketing.public_chats WHERE tenant_id = $1 AND id = $2 FOR UPDATE',
        [tenantId, id],
      );
      const opened = await openForTenant(
        engine,
        transaction,
        tenantId,
        rows.map((row) => ({ ...cell, ciphertext: row.transcript, keyId: row.key_id })),
      );
      if (opened.includes(null))
        throw new EngineError('keys-unavailable', { detail: 'a transcript does not open' });
      const text = writeTurns([...opened.flatMap((each) => readTurns(each ?? '')), ...turns]);
      const { keyId, sealed } = await sealForTenant(engine, transaction, tenantId, [
        { ...cell, plaintext: text },
      ]);
      await transaction.query(
        `INSERT INTO marketing.public_chats (tenant_id, id, key_id, transcript) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, id) DO UPDATE SET key_id = excluded.key_id, transcript = excluded.transcript`,
        [tenantId, id, keyId, sealed[0]],
      );
    }),
  );
}

/** The id of visitor and conversation. */
function rowOf({ caller, asked }: ReadyCall): string {
  return uuidOfDigest(createHash('sha256').update(`${caller.subject} ${asked.conversation}`).digest());
}
