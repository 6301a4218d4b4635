import type { KeyObject } from 'node:crypto';
import { ControlGateError, drawBoard, environments, openBoardReport, priorities } from '@cordon/control-gate';
import type { BoardReport, Environment } from '@cordon/control-gate';
import { z } from 'zod';
import type { RequestCaller } from '../../caller/caller.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { decideOrRefuse, ownRelation, recordPermitted, type Subject } from '../../pipeline/decide.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';

const state = z.enum(['pass', 'fail', 'unknown']);
const instant = z.iso.datetime();
const board = z.object({
  to: z.enum(environments),
  /** Null until every control was asked at least once. */
  lastRun: z.object({ at: instant, commit: z.string().nullable() }).nullable(),
  allowed: z.boolean(),
  lines: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      priority: z.enum(priorities),
      owner: z.string(),
      threat: z.string(),
      state,
      saidBefore: state.nullable(),
      because: z.string(),
      next: z.string(),
      evidenceAt: instant.nullable(),
      lifeHours: z.number(),
      blocks: z.boolean(),
      rule: z.string(),
      trend: z.array(z.object({ at: instant, state })),
    }),
  ),
});

const subject: Subject = {
  action: 'list',
  dataClass: 'auditLogEntry',
  auditAction: 'gate-board.read',
  resourceType: 'GateReport',
};

/** How many reports a board is made of. */
const mostReports = 24;

/** Whoever may read the audit log of their tenant may see where the deployment stands; it names nobody and no tenant. */
export function registerGateBoardRoutes(tools: RouteTools, key: KeyObject | undefined): void {
  const { server, engine } = tools;
  server.get('/v1/gate-board', {
    schema: {
      summary:
        'Where the controls stand on the way to an environment, by the last signed reports of the gate',
      querystring: z.strictObject({ to: z.enum(environments).default('production') }),
      response: { 200: board },
    },
    config: { decides: { action: 'list', dataClass: 'auditLogEntry' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { to } = request.query;
      const permit = await decideOrRefuse(engine, caller, subject, ownRelation(caller));
      await recordPermitted(engine, caller, subject, permit);
      const reports = key === undefined ? [] : await readReports(engine, caller, to, key);
      return drawBoard(to, reports, new Date());
    },
  });
}

/** The newest reports, the last whole one among them. What the store holds is believed by its signature alone. */
async function readReports(
  engine: EngineContext,
  caller: RequestCaller,
  to: Environment,
  key: KeyObject,
): Promise<BoardReport[]> {
  const { rows } = await engine.stores.withAuditReader(caller, (transaction) =>
    transaction.query<{ envelope: string }>(
      `(SELECT envelope FROM gate.reports WHERE environment = $1 AND whole ORDER BY ended_at DESC LIMIT $2)
       UNION ALL
       (SELECT envelope FROM gate.reports WHERE environment = $1 AND NOT whole ORDER BY ended_at DESC LIMIT $2)`,
      [to, mostReports / 2],
    ),
  );
  return rows.flatMap(({ envelope }) => {
    try {
      return [openBoardReport(envelope, key)];
    } catch (error) {
      // Another key's, or changed in the store: neither says anything here.
      if (!(error instanceof ControlGateError)) throw error;
      engine.logger.warn('a report of the gate was not believed', { code: error.code });
      return [];
    }
  });
}
