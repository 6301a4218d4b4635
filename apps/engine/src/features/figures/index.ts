import { z } from 'zod';
import type { RouteTools } from '../../server/route-tools.ts';
import {
  decideOrRefuse,
  ownRelation,
  readContext,
  recordPermitted,
  type Subject,
} from '../../pipeline/decide.ts';
import { titleOf } from '../me/index.ts';
import { suppressSmallCount } from './suppress-small-counts.ts';

const count = z.number().int().nullable();
const figures = z.object({
  /** Counts of 1 to 7 are null, all others rounded to the nearest 5. */
  items: z.array(
    z.object({ clinicId: z.uuid(), name: z.string(), patients: count, alerts: count, alertsWaiting: count }),
  ),
});

interface FigureRow {
  readonly clinic_id: string;
  readonly slug: string;
  readonly patients: number;
  readonly alerts: number;
  readonly alerts_waiting: number;
}

const subjectOf = (dataClass: Subject['dataClass']): Subject => ({
  action: 'list',
  dataClass,
  auditAction: 'figures.read',
  resourceType: 'Figures',
});

/** What oversees many clinics needs of them: counts of the rows that the caller may list, and no row. */
export function registerFigureRoutes(tools: RouteTools): void {
  const { server, engine } = tools;
  server.get('/v1/figures', {
    schema: {
      summary: 'Count patients and alerts by clinic, small counts left out',
      response: { 200: figures },
    },
    config: { decides: { action: 'list', dataClass: 'urgencyAlert' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const context = await readContext(engine, caller);
      const permit = await decideOrRefuse(
        engine,
        caller,
        subjectOf('patientProfile'),
        ownRelation(caller, context),
        context,
      );
      await decideOrRefuse(engine, caller, subjectOf('urgencyAlert'), ownRelation(caller, context), context);
      await recordPermitted(engine, caller, subjectOf('patientProfile'), permit, {
        dataClassIds: ['patientProfile', 'urgencyAlert'],
      });
      const { rows } = await engine.stores.readAs(caller).query<FigureRow>(
        `SELECT c.id AS clinic_id, c.slug,
           (SELECT count(*)::int FROM clinical.patients p WHERE p.tenant_id = $1 AND p.clinic_id = c.id) AS patients,
           (SELECT count(*)::int FROM clinical.alerts a WHERE a.tenant_id = $1 AND a.clinic_id = c.id) AS alerts,
           (SELECT count(*)::int FROM clinical.alerts a WHERE a.tenant_id = $1 AND a.clinic_id = c.id
              AND a.state <> 'ACKNOWLEDGED') AS alerts_waiting
         FROM clinical.clinics c WHERE c.tenant_id = $1 ORDER BY c.id`,
        [caller.tenantId],
      );
      const items = rows.map((row) => ({
        clinicId: row.clinic_id,
        name: titleOf(row.slug),
        patients: suppressSmallCount(row.patients),
        alerts: suppressSmallCount(row.alerts),
        alertsWaiting: suppressSmallCount(row.alerts_waiting),
      }));
      return { items };
    },
  });
}
