import { Readable } from 'node:stream';
import type { Permit } from '@cordon/access-policy';
import { z } from 'zod';
import type { RequestCaller } from '../../caller/caller.ts';
import { pageQuery, readCursor, splitPage, type PagePlace } from '../../server/page-cursor.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { decideOrRefuse, ownRelation, recordPermitted, type Subject } from '../../pipeline/decide.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { registerAccessReportRoutes } from './access-report.ts';
import { showEntry, shownEntry } from './describe-entry.ts';
import { exportFormats, type ExportFormat } from './formats.ts';
import { entryFilter, queryEntries, type EntryFilter, type EntryRow } from './query-entries.ts';

const listed = z.object({ items: z.array(shownEntry), nextCursor: z.string().nullable() });

/** A patient that the vault does not know has no entries: the nil UUID is nobody's pseudonym. */
const nobody = '00000000-0000-0000-0000-000000000000';
const exportPage = 1_000;
const mostExported = 1_000_000;

async function findPseudonym(
  engine: EngineContext,
  caller: RequestCaller,
  patient: string | undefined,
): Promise<string | undefined> {
  if (patient === undefined) return undefined;
  const patientId = patient.toLowerCase();
  const found = await engine.patientKeys.pseudonyms(caller.tenantId, [patientId]);
  return found.get(patientId) ?? nobody;
}

/** Reading the log is itself an entry, made durable first, and one that the reader finds in it. */
async function recordReading(
  engine: EngineContext,
  caller: RequestCaller,
  subject: Subject,
  permit: Permit,
  pseudonym: string | undefined,
): Promise<void> {
  await recordPermitted(engine, caller, subject, permit, {
    patientPseudonym: pseudonym === nobody ? undefined : pseudonym,
  });
}

const subject: Subject = {
  action: 'list',
  dataClass: 'auditLogEntry',
  auditAction: 'audit-log.read',
  resourceType: 'AuditLog',
};

export function registerAuditLogRoutes(tools: RouteTools): void {
  const { server, engine } = tools;

  server.get('/v1/audit-entries', {
    schema: {
      summary: "Read the audit log of one's tenant, newest first",
      querystring: pageQuery.extend(entryFilter.shape),
      response: { 200: listed },
    },
    config: { decides: { action: 'list', dataClass: 'auditLogEntry' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { limit, cursor, ...filter } = request.query;
      const after = readCursor(cursor);
      const permit = await decideOrRefuse(engine, caller, subject, ownRelation(caller));
      const pseudonym = await findPseudonym(engine, caller, filter.patient);
      await recordReading(engine, caller, subject, permit, pseudonym);
      const rows = await engine.stores.withAuditReader(caller, (transaction) =>
        queryEntries(transaction, caller.tenantId, filter, pseudonym, after, limit + 1),
      );
      const { page, nextCursor } = splitPage(rows, limit);
      return { items: page.map(showEntry), nextCursor };
    },
  });

  server.get('/v1/audit-entries/export', {
    schema: {
      summary: 'Take entries away: CSV, NDJSON, or FHIR R4 AuditEvent (one resource a line)',
      querystring: entryFilter.extend({ format: z.enum(['csv', 'ndjson', 'fhir']) }),
    },
    config: { decides: { action: 'export', dataClass: 'auditLogEntry' } },
    onRequest: tools.enter('read'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const { format, ...filter } = request.query;
      const exporting: Subject = { ...subject, action: 'export', auditAction: 'audit-log.exported' };
      const permit = await decideOrRefuse(engine, caller, exporting, ownRelation(caller));
      const pseudonym = await findPseudonym(engine, caller, filter.patient);
      await recordReading(engine, caller, exporting, permit, pseudonym);
      const chosen: ExportFormat = exportFormats[format];
      return reply
        .type(chosen.mediaType)
        .header(
          'content-disposition',
          `attachment; filename="audit-log.${format === 'csv' ? 'csv' : 'ndjson'}"`,
        )
        .send(Readable.from(writeExport(engine, caller, filter, pseudonym, chosen)));
    },
  });

  registerAccessReportRoutes(tools);
}

/** Page by page, each in a short transaction of its own; a million entries at most. */
async function* writeExport(
  engine: EngineContext,
  caller: RequestCaller,
  filter: EntryFilter,
  pseudonym: string | undefined,
  format: ExportFormat,
): AsyncGenerator<string> {
  yield format.head;
  let after: PagePlace | null = null;
  for (let written = 0; written < mostExported; written += exportPage) {
    const start: PagePlace | null = after;
    const rows: readonly EntryRow[] = await engine.stores.withAuditReader(caller, (transaction) =>
      queryEntries(transaction, caller.tenantId, filter, pseudonym, start, exportPage),
    );
    yield rows.map(format.line).join('');
    const last = rows.at(-1);
    if (rows.length < exportPage || last === undefined) return;
    after = { at: last.place, id: last.id };
  }
}
