import { z } from 'zod';
import type { RequestCaller } from '../caller/caller.ts';
import { EngineError } from '../error.ts';
import type { RouteTools } from '../server/route-tools.ts';
import {
  decideOrRefuse,
  ownRelation,
  readContext,
  refuseUnknownRecord,
  type Subject,
} from '../pipeline/decide.ts';
import type { EngineContext } from '../pipeline/engine-context.ts';
import { createRecord } from './create-record.ts';
import { entityTag, readIfMatch } from './entity-tag.ts';
import { readIdempotencyKey } from './idempotency.ts';
import { recordParams } from './read-routes.ts';
import type { RecordKind } from './record-kind.ts';
import { amendBody, changeBody, createBody } from './record-schemas.ts';
import type { KindRow } from './row-values.ts';
import { versionOf } from './show-record.ts';
import type { Statements } from './statements.ts';
import { updateRecord } from './update-record.ts';

const made = z.object({ id: z.uuid() });
const changed = z.object({ id: z.uuid(), version: z.number().int() });

export function registerCreateRoute(tools: RouteTools, kind: RecordKind, statements: Statements): void {
  const { server, engine } = tools;
  server.post(`/v1/${kind.segment}`, {
    schema: { summary: `Add ${kind.words.one}`, body: createBody(kind), response: { 201: made } },
    config: { decides: { action: 'create', dataClass: kind.dataClass } },
    onRequest: tools.enter('write'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const { clinicId, patientId, ...values } = request.body;
      const repeatable = await readIdempotencyKey(engine, caller, request.headers['idempotency-key'], {
        route: `POST /v1/${kind.segment}`,
        body: request.body,
      });
      const id = await createRecord(
        engine,
        caller,
        { kind, statements },
        { clinicId, patientId, values },
        repeatable,
      );
      return reply.status(201).header('location', `/v1/${kind.segment}/${id}`).send({ id });
    },
  });
}

export function registerChangeRoute(tools: RouteTools, kind: RecordKind, statements: Statements): void {
  const { server, engine } = tools;
  server.patch(`/v1/${kind.segment}/:id`, {
    schema: {
      summary: `Change ${kind.words.one}; "If-Match" names the version that was read`,
      params: recordParams,
      body: changeBody(kind),
      response: { 200: changed },
    },
    config: { decides: { action: 'update', dataClass: kind.dataClass } },
    onRequest: tools.enter('write'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const { id } = request.params;
      const row = await locate(engine, caller, kind, statements, id, 'update');
      const version = readIfMatch(request.headers['if-match'], id);
      if (versionOf(row) !== version) throw new EngineError('record-changed');
      const next = await updateRecord(engine, caller, { kind, statements }, {
        id,
        clinicId: row.clinic_id,
        patientId: row.patient_id,
        version,
        values: request.body,
      }); // prettier-ignore
      void reply.header('etag', entityTag(id, next));
      return { id, version: next };
    },
  });
}

/** Entries that are never overwritten: an amendment is an entry of its own that names the one it succeeds. */
export function registerAmendRoute(tools: RouteTools, kind: RecordKind, statements: Statements): void {
  const { server, engine } = tools;
  server.post(`/v1/${kind.segment}/:id/amendments`, {
    schema: {
      summary: `Amend ${kind.words.one}; "If-Match" names the entry that was read`,
      params: recordParams,
      body: amendBody(kind),
      response: { 201: made },
    },
    config: { decides: { action: 'amend', dataClass: kind.dataClass } },
    onRequest: tools.enter('write'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const { id: amends } = request.params;
      const row = await locate(engine, caller, kind, statements, amends, 'amend');
      readIfMatch(request.headers['if-match'], amends);
      const target = { clinicId: row.clinic_id, patientId: row.patient_id };
      const repeatable = await readIdempotencyKey(engine, caller, request.headers['idempotency-key'], {
        route: `POST /v1/${kind.segment}/${amends}/amendments`,
        body: request.body,
      });
      const id = await createRecord(
        engine,
        caller,
        { kind, statements },
        { ...target, values: request.body, amends },
        repeatable,
      );
      return reply.status(201).header('location', `/v1/${kind.segment}/${id}`).send({ id });
    },
  });
}

/**
 * Which clinic and patient a change is about. Asked only of those who may change such records at all, and a record that is
 * not there, or hidden, leaves its refusal.
 */
async function locate(
  engine: EngineContext,
  caller: RequestCaller,
  kind: RecordKind,
  statements: Statements,
  id: string,
  action: 'update' | 'amend',
): Promise<KindRow> {
  const subject: Subject = {
    action,
    dataClass: kind.dataClass,
    auditAction: action === 'update' ? 'record.changed' : 'record.created',
    resourceType: kind.resourceType,
    resourceId: id,
  };
  const context = await readContext(engine, caller);
  await decideOrRefuse(engine, caller, subject, ownRelation(caller, context), context);
  const { rows } = await engine.stores
    .readAs(caller)
    .query<KindRow>(statements.locate, [caller.tenantId, id]);
  const [row] = rows;
  if (row !== undefined) return row;
  return refuseUnknownRecord(engine, caller, subject);
}
