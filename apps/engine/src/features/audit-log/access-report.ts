import { openLogFolder, writeEntryProof } from '@cordon/audit-log';
import { entryLineSql, readEntryLine } from '@cordon/audit-log/postgres';
import { z } from 'zod';
import type { Caller, RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { pageQuery, readCursor, splitPage } from '../../server/page-cursor.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { decideOrRefuse, ownRelation, recordPermitted, type Subject } from '../../pipeline/decide.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { proofState } from './describe-entry.ts';
import { proofOf, queryEntries, type EntryRow } from './query-entries.ts';
import { tellInWords } from './tell-in-words.ts';

const report = z.object({
  items: z.array(
    z.object({
      id: z.uuid(),
      at: z.iso.datetime(),
      actorRole: z.string().nullable(),
      clinicId: z.string().nullable(),
      action: z.string(),
      decision: z.string(),
      /** One sentence in plain words. */
      sentence: z.string(),
      proof: proofState,
    }),
  ),
  nextCursor: z.string().nullable(),
});

const subject: Subject = {
  action: 'list',
  dataClass: 'accessReport',
  auditAction: 'access-report.read',
  resourceType: 'AccessReport',
};

/**
 * Decides, finds the patient's pseudonym, and leaves the entry of this very reading. The audit store knows the patient by
 * the pseudonym alone, so the context it is entered with carries that in the patient's place.
 */
async function enterReport(
  engine: EngineContext,
  caller: RequestCaller,
): Promise<{ asPatient: Caller; pseudonym: string }> {
  const permit = await decideOrRefuse(engine, caller, subject, ownRelation(caller));
  const patientId = caller.patientRecordId ?? '';
  const pseudonym =
    patientId === ''
      ? undefined
      : (await engine.patientKeys.pseudonyms(caller.tenantId, [patientId])).get(patientId);
  if (pseudonym === undefined) throw new EngineError('record-unknown');
  await recordPermitted(engine, caller, subject, permit, { patientPseudonym: pseudonym });
  return { asPatient: { ...caller, patientRecordId: pseudonym }, pseudonym };
}

function showAccess(row: EntryRow): z.output<typeof report>['items'][number] {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actorRole: row.actor_role,
    clinicId: row.clinic_id,
    action: row.action,
    decision: row.decision,
    sentence: tellInWords(row),
    proof: proofOf(row),
  };
}

export function registerAccessReportRoutes(tools: RouteTools): void {
  const { server, engine } = tools;

  server.get('/v1/me/access-report', {
    schema: {
      summary: 'Who has looked at my record: for patients, newest first',
      querystring: pageQuery,
      response: { 200: report },
    },
    config: { decides: { action: 'list', dataClass: 'accessReport' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const after = readCursor(request.query.cursor);
      const { asPatient, pseudonym } = await enterReport(engine, caller);
      const rows = await engine.stores.withAuditReader(asPatient, (transaction) =>
        queryEntries(
          transaction,
          caller.tenantId,
          { accessesOnce: true },
          pseudonym,
          after,
          request.query.limit + 1,
        ),
      );
      const { page, nextCursor } = splitPage(rows, request.query.limit);
      return { items: page.map(showAccess), nextCursor };
    },
  });

  server.get('/v1/me/access-report/:entryId/proof', {
    schema: {
      summary:
        'The proof that an entry about my record is in the log (C2SP tlog-proof); it can be checked offline',
      params: z.object({ entryId: z.uuid() }),
    },
    config: { decides: { action: 'list', dataClass: 'accessReport' } },
    onRequest: tools.enter('read'),
    handler: async (request, reply) => {
      const { asPatient } = await enterReport(engine, tools.callerOf(request));
      const entryId = request.params.entryId.toLowerCase();
      return reply
        .type('text/plain; charset=utf-8')
        .header('content-disposition', `attachment; filename="${entryId}.tlog-proof"`)
        .send(await makeProof(engine, asPatient, entryId));
    },
  });
}

/** @throws EngineError `record-unknown` (not there, or not about this patient), `proof-unavailable` */
async function makeProof(engine: EngineContext, asPatient: Caller, entryId: string): Promise<string> {
  const row = await engine.stores.withAuditReader(asPatient, async (transaction) => {
    // The text of a time depends on both.
    await transaction.query(
      `SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true)`,
    );
    const { rows } = await transaction.query<{ leaf_index: string | null; salt: Buffer; line: string }>(
      // eslint-disable-next-line cordon/no-string-built-sql -- a constant list of columns; nothing of it is input
      `SELECT l.leaf_index::text AS leaf_index, a.salt, ${entryLineSql('a')} AS line
       FROM audit.audit_logs a LEFT JOIN audit.audit_leaves l ON l.entry_id = a.id
       WHERE a.tenant_id = $1 AND a.id = $2`,
      [asPatient.tenantId, entryId],
    );
    return rows[0];
  });
  if (row === undefined) throw new EngineError('record-unknown');
  const folder = engine.logFolder;
  const file =
    folder === undefined || row.leaf_index === null
      ? undefined
      : await writeEntryProof(openLogFolder(folder), Number(row.leaf_index), {
          salt: row.salt,
          entry: readEntryLine(row.line),
        });
  if (file === undefined) throw new EngineError('proof-unavailable');
  return file;
}
