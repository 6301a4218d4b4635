import { z } from 'zod';
import type { RequestCaller } from '../../caller/caller.ts';
import { lowerId } from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { decideOrRefuse, readContext, recordPermitted, type Subject } from '../../pipeline/decide.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { openForTenant } from '../../pipeline/tenant-cells.ts';
import { clinicianTable } from './clinician-table.ts';

const listed = z.object({
  items: z.array(
    z.object({
      /** The account by which appointments name their clinician. */
      id: z.uuid(),
      /** Null until somebody has said one. */
      fullName: z.string().nullable(),
      /** Somebody who has left stays on the list for what they were booked for. */
      current: z.boolean(),
    }),
  ),
});
/** Far more than one clinic employs. */
const mostClinicians = 200;

interface ClinicianRow {
  readonly id: string;
  readonly account_id: string;
  readonly current: boolean;
  readonly key_id: string | null;
  readonly full_name: Buffer | null;
}

const subjectOf = (action: Subject['action'], dataClass: Subject['dataClass']): Subject => ({
  action,
  dataClass,
  auditAction: 'record.listed',
  resourceType: 'Clinician',
});

/** Whom a clinic's appointments can be given to: for those who book there. */
export function registerClinicianRoutes(tools: RouteTools): void {
  const { server, engine } = tools;
  server.get('/v1/clinicians', {
    schema: {
      summary: 'List the clinicians of a clinic in which one books, by name',
      querystring: z.strictObject({ clinicId: lowerId }),
      response: { 200: listed },
    },
    config: { decides: { action: 'create', dataClass: 'appointmentBooking' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { clinicId } = request.query;
      const resource = { tenantId: caller.tenantId, clinicId };
      const context = await readContext(engine, caller);
      await decideOrRefuse(engine, caller, subjectOf('create', 'appointmentBooking'), resource, context);
      const permit = await decideOrRefuse(
        engine,
        caller,
        subjectOf('list', 'portalAccount'),
        resource,
        context,
      );
      const { rows } = await engine.stores.readAs(caller).query<ClinicianRow>(
        `SELECT id, account_id, ended_at IS NULL AS current, key_id, full_name FROM clinical.clinicians
         WHERE tenant_id = $1 AND clinic_id = $2 ORDER BY ended_at NULLS FIRST, id LIMIT ${mostClinicians}`,
        [caller.tenantId, clinicId],
      );
      await recordPermitted(engine, caller, subjectOf('list', 'portalAccount'), permit, {
        clinicId,
        recordCount: rows.length,
      });
      return { items: await showClinicians(engine, caller, rows) };
    },
  });
}

async function showClinicians(engine: EngineContext, caller: RequestCaller, rows: readonly ClinicianRow[]) {
  const named = rows.flatMap(({ id, key_id: keyId, full_name: ciphertext }) =>
    keyId === null || ciphertext === null
      ? []
      : [{ table: clinicianTable, column: 'full_name', rowId: id, keyId, ciphertext }],
  );
  const opened = await openForTenant(engine, engine.stores.readAs(caller), caller.tenantId, named);
  const nameOf = new Map(named.map(({ rowId }, index) => [rowId, opened[index] ?? null]));
  const byName = new Intl.Collator('en-GB');
  return rows
    .map(({ id, account_id: accountId, current }) => ({
      id: accountId,
      fullName: nameOf.get(id) ?? null,
      current,
    }))
    .toSorted((one, other) => byName.compare(one.fullName ?? '~', other.fullName ?? '~'));
}
