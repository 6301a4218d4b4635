import { AiGatewayError } from '@cordon/ai-gateway';
import { EngineError } from '../../../error.ts';
import { sealFields } from '../../../walk/change-record.ts';
import type { EngineContext } from '../../../walk/engine-context.ts';
import { openLocked } from '../../../walk/open-cells.ts';
import { sealAsJob } from '../../../walk/seal-as-job.ts';
import type { AskedCall, ReadyCall } from '../call.ts';
import { readTurns, writeTurns, type Turn } from './transcript-text.ts';

export const transcriptTable = 'clinical.chat_transcripts';

/**
 * A conversation belongs to one patient and one purpose, and ends when it is closed.
 * @throws {AiGatewayError} `ai-request-invalid` for somebody else's, or an ended one
 */
export async function checkConversation(
  engine: EngineContext,
  tenantId: string,
  asked: AskedCall,
  patientId: string,
): Promise<void> {
  const [found] = await engine.stores.withTenantJob(tenantId, async (transaction) => {
    const { rows } = await transaction.query<{ patient_id: string; purpose_id: string; state: string }>(
      'SELECT patient_id, purpose_id, state FROM clinical.chat_transcripts WHERE tenant_id = $1 AND id = $2',
      [tenantId, asked.conversation],
    );
    return rows;
  });
  if (found === undefined) return;
  const goesOn = found.state !== 'closed' && found.purpose_id === asked.purposeId;
  if (found.patient_id !== patientId || !goesOn)
    throw new AiGatewayError('ai-request-invalid', 'metadata.conversation');
}

/** Adds turns to the conversation's record, which begins with them where there is none. */
export async function keepPatientTurns(
  engine: EngineContext,
  call: ReadyCall,
  patient: { readonly id: string; readonly clinicId: string },
  turns: readonly Turn[],
): Promise<void> {
  const { tenantId, subject } = call.caller;
  const id = call.asked.conversation;
  await sealAsJob(engine, { tenantId, patientId: patient.id }, call.receipt, async (transaction, key) => {
    const { rows } = await transaction.query<{ transcript: Buffer }>(
      `SELECT transcript FROM clinical.chat_transcripts
       WHERE tenant_id = $1 AND id = $2 AND patient_id = $3 AND purpose_id = $4 FOR UPDATE`,
      [tenantId, id, patient.id, call.purpose.id],
    );
    const place = { tenantId, table: transcriptTable, column: 'transcript', rowId: id };
    const [opened] = await openLocked(
      transaction,
      rows.map((row) => ({ cell: { place, ciphertext: row.transcript, key: key.key }, keys: key })),
    );
    if (opened?.ok === false)
      throw new EngineError('keys-unavailable', { detail: 'a transcript does not open' });
    const earlier = opened === undefined ? [] : readTurns(opened.plaintext);
    const text = writeTurns([...earlier, ...turns]);
    const cells = await sealFields(transaction, place, key, { transcript: text });
    await transaction.query(
      opened === undefined
        ? `INSERT INTO clinical.chat_transcripts (tenant_id, id, clinic_id, patient_id, purpose_id, key_id, transcript, updated_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
        : `UPDATE clinical.chat_transcripts SET key_id = $6, transcript = $7, updated_by = $8, updated_at = now(), version = version + 1
           WHERE tenant_id = $1 AND id = $2 AND clinic_id = $3 AND patient_id = $4 AND purpose_id = $5`,
      [tenantId, id, patient.clinicId, patient.id, call.purpose.id, key.keyId, cells.transcript, subject],
    );
  });
}
