import { z } from 'zod';
import { describeCaller } from '../../audit/describe.ts';
import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { lowerId } from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { changeMarketing, withMarketing } from '../../pipeline/change-marketing.ts';
import { decideOrRefuse } from '../../pipeline/decide.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { recordDamaged } from '../../pipeline/open-cells.ts';
import { turnSchema, type Turn } from './transcripts/transcript-text.ts';
import {
  eraseVisitorRow,
  findVisitorRow,
  openVisitorTurns,
  visitorRowId,
  type VisitorRow,
} from './transcripts/visitor-transcript.ts';

const params = z.object({ id: lowerId });
const subject = { dataClass: 'chatTranscriptNonPHI', resourceType: 'VisitorConversation' } as const;

/**
 * What a visitor of the public site and the assistant said during this visit: to be seen, and erased. The visit's token alone says
 * whose it is; once it has ended there is nobody left who could ask.
 */
export function registerVisitorConversationRoutes({ server, engine, ...tools }: RouteTools): void {
  const rowOf = (caller: RequestCaller, id: string): string => visitorRowId(caller.subject, id);

  server.get('/v1/ai/visitor-conversations/:id', {
    schema: {
      summary: 'What is kept of a conversation of this visit; who it was is not in it',
      params,
      response: {
        200: z.object({ id: z.uuid(), state: z.enum(['open', 'handed-over', 'closed']), startedAt: z.iso.datetime(), turns: z.array(turnSchema) }),
      },
    },
    config: { decides: { action: 'read', dataClass: subject.dataClass }, visitors: true },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { id } = request.params;
      const row = await findOwnRow(engine, caller, rowOf(caller, id));
      return { id, state: row.state, startedAt: row.started_at.toISOString(), turns: await openTurns(engine, caller, row) };
    },
  });

  server.delete('/v1/ai/visitor-conversations/:id', {
    schema: { summary: 'Erase a conversation of this visit: what was said is destroyed', params, response: { 204: z.null() } },
    config: { decides: { action: 'update', dataClass: subject.dataClass }, visitors: true },
    onRequest: tools.enter('write'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const resourceId = rowOf(caller, request.params.id);
      const change = { ...subject, action: 'update', auditAction: 'record.changed', resourceId } as const;
      await changeMarketing(engine, caller, change, caller.clinicIds[0] ?? null, (transaction) =>
        eraseVisitorRow(engine, transaction, caller.tenantId, resourceId),
      );
      return reply.status(204).send(null);
    },
  });
} // prettier-ignore

/** The row, once an entry says that it is shown, or that there is none. */
async function findOwnRow(
  engine: EngineContext,
  caller: RequestCaller,
  resourceId: string,
): Promise<VisitorRow> {
  const [clinicId] = caller.clinicIds;
  const read = { ...subject, action: 'read', auditAction: 'record.opened', resourceId } as const;
  const permit = await decideOrRefuse(engine, caller, read, { tenantId: caller.tenantId, clinicId });
  const row = await withMarketing(engine, caller, (transaction) =>
    findVisitorRow(transaction, caller.tenantId, resourceId),
  );
  await engine.audit.append([
    {
      ...describeCaller(caller),
      action: read.auditAction,
      resourceType: read.resourceType,
      resourceId,
      clinicId,
      dataClassIds: [read.dataClass],
      decision: row === undefined ? 'deny' : 'permit',
      reasonCode: row === undefined ? 'no-such-record' : permit.reason,
      outcome: 'none',
    },
  ]);
  if (row === undefined) throw new EngineError('record-unknown');
  return row;
}

async function openTurns(engine: EngineContext, caller: RequestCaller, row: VisitorRow): Promise<Turn[]> {
  const turns = await withMarketing(engine, caller, (transaction) =>
    openVisitorTurns(engine, transaction, caller.tenantId, row),
  );
  if (turns !== null) return turns;
  await recordDamaged(engine, caller, subject, [{ id: row.id, clinic_id: null }]);
  throw new EngineError('keys-unavailable', { detail: 'a transcript does not open' });
}
