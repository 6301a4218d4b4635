import { placeDigest } from '@cordon/field-encryption';
import { EngineError } from '../../../error.ts';
import type { EngineContext } from '../../../pipeline/engine-context.ts';
import { sealAtOnce } from '../../../pipeline/seal-as-job.ts';
import type { ReadyCall } from '../call.ts';
import { assistantConsent, needsConsent } from '../needs-consent.ts';
import { transcriptTable } from '../transcripts/transcript-table.ts';
import type { Reservation, UseChange } from '../usage.ts';

/** What goes to the end of a patient's conversation. */
export interface PatientTurns {
  readonly call: ReadyCall;
  readonly patient: { readonly id: string; readonly clinicId: string };
  readonly text: string;
}

const statement = `SELECT clinical.close_ai_call($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS kept`;

/**
 * Writes what follows from a call, in one statement: what it used, and what was said, where that is kept: not of a conversation
 * that was erased, nor under a consent that was withdrawn, while the model was asked.
 * @throws EngineError `record-destroyed`, `keys-unavailable`, `records-unavailable`
 */
export async function closeCall(
  engine: EngineContext,
  { tenantId, purposeId }: Reservation,
  change: UseChange,
  turns?: PatientTurns,
): Promise<void> {
  if (turns === undefined) {
    if (change.every((each) => each === 0)) return;
    const nothing = Array.from({ length: 9 }, () => null);
    await engine.stores.jobsOf(tenantId).query(statement, [purposeId, change, ...nothing]);
    return;
  }
  const { call, patient, text } = turns;
  const { conversation } = call.asked;
  const target = { tenantId, patientId: patient.id };
  const { rows } = await sealAtOnce(engine, target, call.receipt, (jobs, key) =>
    jobs.query<{ kept: boolean }>(statement, [
      purposeId,
      change,
      conversation,
      patient.clinicId,
      patient.id,
      key.keyId,
      [key, ...key.earlier].map((each) => each.key.toString('base64')),
      placeDigest({ tenantId, table: transcriptTable, column: 'transcript', rowId: conversation }),
      text,
      call.caller.subject,
      needsConsent(call.purpose) ? assistantConsent : null,
    ]),
  );
  if (rows[0]?.kept !== true)
    throw new EngineError('keys-unavailable', { detail: 'a transcript does not open' });
}
