import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { describeCaller } from '../../audit/describe.ts';
import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { lowerId } from '../../records/index.ts';
import { pageQuery, placeColumn, readCursor, splitPage } from '../../server/page-cursor.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { composeStatement } from '../../stores/compose-statement.ts';
import { changeRecord, sealFields } from '../../pipeline/change-record.ts';
import { decideOrRefuse, ownRelation } from '../../pipeline/decide.ts';
import { discloseRecord, discloseRecords, type RecordRow } from '../../pipeline/disclose-records.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { emergencyColumn } from '../../pipeline/find-grants.ts';
import { sealAsJob } from '../../pipeline/seal-as-job.ts';
import { insertAlert } from '../alerts/index.ts';
import { transcriptTable } from './transcripts/transcript-table.ts';
import { readTurns, turnSchema } from './transcripts/transcript-text.ts';

interface ConversationRow extends RecordRow {
  readonly purpose_id: string;
  readonly state: 'open' | 'handed-over' | 'closed';
  readonly started_at: Date;
  readonly updated_at: Date;
  readonly transcript: Buffer;
  readonly place: string;
}

const conversation = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  purposeId: z.string(),
  state: z.enum(['open', 'handed-over', 'closed']),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
const turns = z.array(turnSchema);
const params = z.object({ id: lowerId });

const columns = `id, clinic_id, patient_id, purpose_id, state, started_at, updated_at, transcript,
  ${placeColumn('started_at')} AS place, ${emergencyColumn('chatTranscriptPHI', 'patient_id')}`;
const subject = { dataClass: 'chatTranscriptPHI', resourceType: 'ChatTranscript' } as const;

const show = (row: ConversationRow) => ({
  id: row.id,
  patientId: row.patient_id,
  purposeId: row.purpose_id,
  state: row.state,
  startedAt: row.started_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

/** What a patient and the assistant said: to be seen, withdrawn, and handed over to a person. */
export function registerConversationRoutes(tools: RouteTools, wakeAlerts: (tenantId: string) => void): void {
  const { server, engine } = tools;

  server.get('/v1/ai/conversations', {
    schema: {
      summary: 'List conversations with the assistant, newest first',
      querystring: pageQuery,
      response: { 200: z.object({ items: z.array(conversation), nextCursor: z.string().nullable() }) },
    },
    config: { decides: { action: 'list', dataClass: 'chatTranscriptPHI' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { cursor, limit } = request.query;
      const after = readCursor(cursor);
      let nextCursor: string | null = null;
      const rows = await discloseRecords<ConversationRow, never>(engine, caller, {
        subject: { ...subject, action: 'list', auditAction: 'record.listed' },
        table: transcriptTable,
        columns: {},
        fetch: async (transaction) => {
          const list = composeStatement([
            [`SELECT ${columns} FROM clinical.chat_transcripts WHERE tenant_id = ?`, caller.tenantId],
            caller.patientRecordId !== undefined && ['AND patient_id = ?', caller.patientRecordId],
            after !== null && ['AND (started_at, id) < (?::timestamptz, ?::uuid)', after.at, after.id],
            ['ORDER BY started_at DESC, id DESC LIMIT ?', limit + 1],
          ]);
          const { rows: found } = await transaction.query<ConversationRow>(list.text, list.values);
          const split = splitPage(found, limit);
          nextCursor = split.nextCursor;
          return split.page;
        },
      });
      return { items: rows.map(({ row }) => show(row)), nextCursor };
    },
  });

  server.get('/v1/ai/conversations/:id', {
    schema: {
      summary: 'Open a conversation; who it was is not in it',
      params,
      response: { 200: conversation.extend({ turns }) },
    },
    config: { decides: { action: 'read', dataClass: 'chatTranscriptPHI' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const { row, fields } = await openConversation(engine, tools.callerOf(request), request.params.id);
      return { ...show(row), turns: readTurns(fields?.transcript ?? '') };
    },
  });

  server.delete('/v1/ai/conversations/:id', {
    schema: { summary: 'Withdraw a conversation: what was said is destroyed', params, response: { 204: z.null() } },
    config: { decides: { action: 'update', dataClass: 'chatTranscriptPHI' } },
    onRequest: tools.enter('write'),
    handler: async (request, reply) => {
      await changeState(engine, tools.callerOf(request), request.params.id, 'closed');
      return reply.status(204).send(null);
    },
  });

  server.post('/v1/ai/conversations/:id/hand-over', {
    schema: {
      summary: 'Ask for a person: the clinic gets an alert',
      params,
      response: { 200: z.object({ id: z.uuid(), state: z.literal('handed-over'), alertId: z.uuid() }) },
    },
    config: { decides: { action: 'update', dataClass: 'chatTranscriptPHI' } },
    onRequest: tools.enter('write'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { id } = request.params;
      const row = await changeState(engine, caller, id, 'handed-over');
      const alertId = await raiseAlert(engine, caller, row);
      wakeAlerts(caller.tenantId);
      return { id, state: 'handed-over' as const, alertId };
    },
  });
} // prettier-ignore

function openConversation(engine: EngineContext, caller: RequestCaller, id: string) {
  return discloseRecord<ConversationRow, 'transcript'>(engine, caller, {
    subject: { ...subject, action: 'read', auditAction: 'record.opened', resourceId: id },
    table: transcriptTable,
    columns: { transcript: 'transcript' },
    fetch: async (transaction) =>
      (
        await transaction.query<ConversationRow>(
          `SELECT ${columns} FROM clinical.chat_transcripts WHERE tenant_id = $1 AND id = $2`,
          [caller.tenantId, id],
        )
      ).rows,
  });
}

/** The words go with the last version that had them, unless a legal hold keeps the record as it is. */
async function changeState(
  engine: EngineContext,
  caller: RequestCaller,
  id: string,
  state: 'handed-over' | 'closed',
): Promise<ConversationRow> {
  const change = { ...subject, action: 'update', auditAction: 'record.changed', resourceId: id } as const;
  // Who changes none is not told whether it is there.
  await decideOrRefuse(engine, caller, change, ownRelation(caller));
  const { row } = await openConversation(engine, caller, id).catch(async (error: unknown) => {
    const unknown = error instanceof EngineError && error.code === 'record-unknown';
    if (!unknown || state !== 'closed' || !(await isKeptByNow(engine, caller, id))) throw error;
    return openConversation(engine, caller, id);
  });
  const { tenantId } = caller;
  await changeRecord(engine, caller, {
    subject: change,
    clinicId: row.clinic_id,
    patientId: row.patient_id,
    changedFields: ['state'],
    work: async (transaction, key) => {
      const erases = state === 'closed';
      // A hold that is being placed at this moment is waited for, or waits.
      if (erases)
        await transaction.query('SELECT pg_advisory_xact_lock(clinical.erasure_lock($1, $2))', [
          tenantId,
          row.patient_id,
        ]);
      const { rows: holds } = await transaction.query(
        'SELECT FROM clinical.legal_holds WHERE tenant_id = $1 AND patient_id = $2 AND lifted_at IS NULL',
        [tenantId, row.patient_id],
      );
      if (erases && holds.length > 0) throw new EngineError('record-held');
      const cells = await sealFields(transaction, { tenantId, table: transcriptTable, rowId: id }, key, {
        transcript: erases ? '' : null,
      });
      const { rowCount } = await transaction.query(
        `UPDATE clinical.chat_transcripts SET state = $3, transcript = coalesce($4, transcript), updated_at = now(),
           key_id = CASE WHEN $4::bytea IS NULL THEN key_id ELSE $5 END, updated_by = $6, version = version + 1
         WHERE tenant_id = $1 AND id = $2 AND ($3 = 'closed' OR state = 'open')`,
        [tenantId, id, state, cells.transcript, key.keyId, caller.subject],
      );
      if (rowCount !== 1) throw new EngineError('record-changed');
      if (erases)
        await transaction.query(
          'DELETE FROM clinical.chat_transcript_versions WHERE tenant_id = $1 AND record_id = $2',
          [tenantId, id],
        );
    },
  });
  return row;
}

/**
 * Nothing is kept of it: then nothing will be, for an answer that was stopped may be on its way to the store. Only of a patient's
 * own; the entry that there is none stands already.
 * @returns whether it came to be kept at this moment
 */
async function isKeptByNow(engine: EngineContext, caller: RequestCaller, id: string): Promise<boolean> {
  if (caller.patientRecordId === undefined) return false;
  const { rows } = await engine.stores
    .jobsOf(caller.tenantId)
    .query<{ withdrawn: boolean }>('SELECT clinical.withdraw_unkept($1, $2) AS withdrawn', [
      caller.patientRecordId,
      id,
    ]);
  return rows[0]?.withdrawn === false;
}

/** For the clinic's desk and clinicians, in its own name: patients raise no alerts of their own wording. */
async function raiseAlert(
  engine: EngineContext,
  caller: RequestCaller,
  row: ConversationRow,
): Promise<string> {
  const { tenantId } = caller;
  const alertId = randomUUID();
  const pseudonyms = await engine.patientKeys.pseudonyms(tenantId, [row.patient_id]);
  const receipt = await engine.audit.append([
    {
      ...describeCaller(caller),
      action: 'record.created',
      resourceType: 'Alert',
      resourceId: alertId,
      clinicId: row.clinic_id,
      patientPseudonym: pseudonyms.get(row.patient_id),
      dataClassIds: ['urgencyAlert'],
      decision: 'permit',
      reasonCode: 'granted-own-record',
      outcome: 'none',
    },
  ]);
  const alert = {
    tenantId,
    id: alertId,
    clinicId: row.clinic_id,
    patientId: row.patient_id,
    urgency: 'routine',
    source: 'chat',
    createdBy: caller.subject,
    message: 'Asks to speak to a person. The conversation with the assistant is in the record.',
  } as const;
  await sealAsJob(engine, { tenantId, patientId: row.patient_id }, receipt, (transaction, key) =>
    insertAlert(transaction, alert, key),
  );
  return alertId;
}
