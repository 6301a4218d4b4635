import type { DataClassId } from '@cordon/access-policy';

/** Where conversations stand, and how those whose retention has ended are found and deleted there. */
export interface TranscriptStore {
  readonly dataClass: DataClassId;
  readonly resourceType: string;
  /** tenant, limits as JSON, how many at most: ids, of those begun longest ago first. */
  readonly findEnded: string;
  /** tenant, ids; the last deletes the conversations themselves, and row security those alone that may go. */
  readonly remove: readonly string[];
  /** tenant, id, topic, intent */
  readonly leaveOutcome: string;
}

const limits = `limits AS (
  SELECT purpose, now() - make_interval(years => years, months => months, days => days) AS until
  FROM json_to_recordset($2::json) AS l (purpose text, years integer, months integer, days integer))`;
const until = `coalesce((SELECT until FROM limits WHERE purpose = c.purpose_id), (SELECT until FROM limits WHERE purpose IS NULL))`;

export const transcriptStores: Readonly<Record<'clinical' | 'marketing', TranscriptStore>> = {
  clinical: {
    dataClass: 'chatTranscriptPHI',
    resourceType: 'ChatTranscript',
    findEnded: `WITH ${limits} SELECT c.id FROM clinical.chat_transcripts c
      WHERE c.tenant_id = $1 AND c.started_at < (SELECT max(until) FROM limits) AND c.updated_at < ${until}
        AND clinical.transcript_may_go(c.tenant_id, c.patient_id, c.updated_at)
      ORDER BY c.started_at LIMIT $3`,
    remove: [
      // A hold or a restriction that is being placed at this moment is waited for, or waits. In one order, as all do.
      `SELECT pg_advisory_xact_lock(clinical.erasure_lock($1, held.patient_id)) FROM (SELECT DISTINCT c.patient_id
         FROM clinical.chat_transcripts c WHERE c.tenant_id = $1 AND c.id = ANY ($2::uuid[]) ORDER BY c.patient_id) AS held`,
      'DELETE FROM clinical.chat_transcript_versions WHERE tenant_id = $1 AND record_id = ANY ($2::uuid[])',
      'DELETE FROM clinical.chat_transcripts WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
    ],
    leaveOutcome: 'INSERT INTO clinical.outbox (tenant_id, id, topic, intent_id) VALUES ($1, $2, $3, $4)',
  },
  marketing: {
    dataClass: 'chatTranscriptNonPHI',
    resourceType: 'VisitorConversation',
    findEnded: `WITH ${limits} SELECT c.id FROM marketing.public_chats c
      WHERE c.tenant_id = $1 AND c.started_at < (SELECT max(until) FROM limits)
        AND coalesce(c.updated_at, c.started_at) < least(${until}, now() - interval '1 day') AND ${until} IS NOT NULL
      ORDER BY c.started_at LIMIT $3`,
    remove: ['DELETE FROM marketing.public_chats WHERE tenant_id = $1 AND id = ANY ($2::uuid[])'],
    leaveOutcome: 'INSERT INTO marketing.outbox (tenant_id, id, topic, intent_id) VALUES ($1, $2, $3, $4)',
  },
};
