import { z } from 'zod';
import type { RequestCaller } from '../caller/caller.ts';
import { readCursor, splitPage } from '../server/page-cursor.ts';
import type { RouteTools } from '../server/route-tools.ts';
import {
  discloseRecord,
  discloseRecords,
  type DisclosedRow,
  type Disclosure,
} from '../pipeline/disclose-records.ts';
import type { EngineContext } from '../pipeline/engine-context.ts';
import { entityTag } from './entity-tag.ts';
import { lowerId } from './field-schemas.ts';
import { sealedColumns, type RecordKind } from './record-kind.ts';
import { openParts } from './record-parts.ts';
import { listQuery, shownRecord } from './record-schemas.ts';
import type { KindRow } from './row-values.ts';
import { showRecord, versionOf } from './show-record.ts';
import { statementsOf, type Statements } from './statements.ts';

export const recordParams = z.object({ id: lowerId });
/** More versions than any record gets in practice; bounds the answer. */
const mostVersions = 200;

export function registerListRoute(tools: RouteTools, kind: RecordKind, statements: Statements): void {
  const { server, engine } = tools;
  const subject = {
    action: 'list',
    dataClass: kind.dataClass,
    auditAction: 'record.listed',
    resourceType: kind.resourceType,
  } as const;
  server.get(`/v1/${kind.segment}`, {
    schema: {
      summary: `List ${kind.words.many}, ${kind.order.first} first`,
      querystring: listQuery,
      response: {
        200: z.object({ items: z.array(shownRecord(kind, 'listed')), nextCursor: z.string().nullable() }),
      },
    },
    config: { decides: { action: 'list', dataClass: kind.dataClass } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { clinicId, patientId, from, to, cursor, limit } = request.query;
      const after = readCursor(cursor);
      let nextCursor: string | null = null;
      const rows = await discloseRecords<KindRow, string>(engine, caller, {
        subject,
        table: kind.table,
        columns: sealedColumns(kind.sealed, 'listed'),
        fetch: async (transaction) => {
          // Row security shows patients their own rows alone; a list that does not say so would look through everybody's.
          const page = {
            clinicId,
            patientId: patientId ?? caller.patientRecordId,
            from,
            to,
            after,
            limit: limit + 1,
          };
          const list = statements.list(caller.tenantId, page);
          const { rows: found } = await transaction.query<KindRow & { place: string }>(
            list.text,
            list.values,
          );
          const split = splitPage(found, limit);
          nextCursor = split.nextCursor;
          return split.page;
        },
      });
      return { items: rows.map((row) => showRecord(kind, row)), nextCursor } as never;
    },
  });
}

export function registerReadRoute(tools: RouteTools, kind: RecordKind, statements: Statements): void {
  const { server, engine } = tools;
  server.get(`/v1/${kind.segment}/:id`, {
    schema: {
      summary: `Open ${kind.words.one}`,
      params: recordParams,
      response: { 200: shownRecord(kind, 'whole') },
    },
    config: { decides: { action: 'read', dataClass: kind.dataClass } },
    onRequest: tools.enter('read'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const { id } = request.params;
      const opened = await discloseRecord(engine, caller, wholeRecord(kind, statements, caller.tenantId, id));
      void reply.header('etag', entityTag(id, versionOf(opened.row)));
      return (await showWhole(engine, caller, kind, opened)) as never;
    },
  });
}

/** A record with the parts that hang on it. */
async function showWhole(
  engine: EngineContext,
  caller: RequestCaller,
  kind: RecordKind,
  opened: DisclosedRow<KindRow, string>,
): Promise<Record<string, unknown>> {
  const { parts } = kind;
  const shown = showRecord(kind, opened);
  if (parts === undefined || opened.state !== 'open') return shown;
  return { ...shown, [parts.field]: await openParts(engine, caller, kind, parts, opened) };
}

/** One record as its own route shows it, decided and audited in the same way. @throws EngineError as `discloseRecord` */
export async function readWhole(
  engine: EngineContext,
  caller: RequestCaller,
  kind: RecordKind,
  id: string,
): Promise<{ readonly row: KindRow; readonly shown: Record<string, unknown> }> {
  const whole = wholeRecord(kind, statementsOf(kind), caller.tenantId, id);
  const opened = await discloseRecord(engine, caller, whole);
  return { row: opened.row, shown: await showWhole(engine, caller, kind, opened) };
}

/** One row by its id, to be opened whole. */
function wholeRecord(
  kind: RecordKind,
  statements: Statements,
  tenantId: string,
  id: string,
): Disclosure<KindRow, string> {
  return {
    subject: {
      action: 'read',
      dataClass: kind.dataClass,
      auditAction: 'record.opened',
      resourceType: kind.resourceType,
      resourceId: id,
    },
    table: kind.table,
    columns: sealedColumns(kind.sealed),
    fetch: async (transaction) => (await transaction.query<KindRow>(statements.find, [tenantId, id])).rows,
  };
}

/** The record as it is and as it was, newest first. */
export function registerHistoryRoute(tools: RouteTools, kind: RecordKind, statements: Statements): void {
  const { server, engine } = tools;
  const partsColumn = kind.parts === undefined ? {} : { [kind.parts.field]: kind.parts.versionColumn };
  server.get(`/v1/${kind.segment}/:id/history`, {
    schema: {
      summary: `Show what ${kind.words.one} said before`,
      params: recordParams,
      response: { 200: z.object({ items: z.array(shownRecord(kind, 'whole')) }) },
    },
    config: { decides: { action: 'read', dataClass: kind.dataClass } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { id } = request.params;
      const current = await discloseRecord(
        engine,
        caller,
        wholeRecord(kind, statements, caller.tenantId, id),
      );
      const now = await showWhole(engine, caller, kind, current);
      if (kind.versions !== null && versionOf(current.row) === 1) return { items: [now] } as never;
      const earlier = await discloseRecords<KindRow, string>(engine, caller, {
        subject: {
          action: 'read',
          dataClass: kind.dataClass,
          auditAction: 'record.opened',
          resourceType: `${kind.resourceType}Version`,
          resourceId: id,
        },
        table: kind.versions ?? kind.table,
        columns: { ...sealedColumns(kind.sealed), ...partsColumn },
        fetch: async (transaction) =>
          (await transaction.query<KindRow>(statements.listVersions, [caller.tenantId, id, mostVersions]))
            .rows,
      });
      const shown = earlier.map((row) => ({ ...showRecord(kind, row), ...showParts(kind, row) }));
      return { items: kind.versions === null ? shown : [now, ...shown] } as never;
    },
  });
}

/** The parts as a version kept them. */
function showParts(kind: RecordKind, { fields }: DisclosedRow<KindRow, string>): Record<string, unknown> {
  const text = kind.parts === undefined ? null : (fields?.[kind.parts.field] ?? null);
  return kind.parts === undefined || text === null ? {} : { [kind.parts.field]: JSON.parse(text) as unknown };
}
