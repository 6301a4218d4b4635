import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { describeCaller } from '../../audit/describe.ts';
import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { lowerId } from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { changeCommon } from '../../pipeline/change-common.ts';
import { sessionMark } from '../../pipeline/decide.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';

const state = z.object({ clinicId: z.uuid().nullable(), expiresAt: z.iso.datetime().nullable() });

async function findSwitch(engine: EngineContext, caller: RequestCaller): Promise<z.infer<typeof state>> {
  const { rows } = await engine.stores.readAs(caller).query<{ clinic_id: string; expires_at: Date }>(
    `SELECT clinic_id, expires_at FROM clinical.clinic_switches
     WHERE tenant_id = $1 AND account_id = $2 AND session_id = $3 AND ended_at IS NULL AND expires_at > now()`,
    [caller.tenantId, caller.subject, sessionMark(caller)],
  );
  const [found] = rows;
  return { clinicId: found?.clinic_id ?? null, expiresAt: found?.expires_at.toISOString() ?? null };
}

const endSwitches = 'UPDATE clinical.clinic_switches SET ended_at = now() WHERE tenant_id = $1 AND account_id = $2 AND ended_at IS NULL'; // prettier-ignore

/** A corporate admin's step into one clinic, by a factor shown within minutes; of this session alone, for an hour at most. */
export function registerClinicSwitchRoutes(tools: RouteTools): void {
  const { server, engine } = tools;

  server.get('/v1/clinic-switch', {
    schema: { summary: 'Which clinic this session has switched into', response: { 200: state } },
    config: { decides: null },
    onRequest: tools.enter('read'),
    handler: (request) => findSwitch(engine, tools.callerOf(request)),
  });

  server.post('/v1/clinic-switch', {
    schema: {
      summary: 'Switch into a clinic, as a corporate admin',
      body: z.strictObject({ clinicId: lowerId }),
      response: { 201: state },
    },
    config: { decides: { action: 'switch-clinic', dataClass: 'patientProfile' } },
    onRequest: tools.enter('write'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const { clinicId } = request.body;
      const { tenantId, subject } = caller;
      const id = randomUUID();
      await changeCommon(engine, caller, {
        subject: {
          action: 'switch-clinic',
          dataClass: 'patientProfile',
          auditAction: 'clinic-switch.started',
          resourceType: 'Clinic',
          resourceId: clinicId,
        },
        clinicId,
        work: async (transaction) => {
          const { rowCount } = await transaction.query(
            'SELECT FROM clinical.clinics WHERE tenant_id = $1 AND id = $2',
            [tenantId, clinicId],
          );
          if (rowCount !== 1) throw new EngineError('record-unknown');
          await transaction.query(endSwitches, [tenantId, subject]);
          await transaction.query(
            `INSERT INTO clinical.clinic_switches (tenant_id, id, account_id, session_id, clinic_id)
             VALUES ($1, $2, $3, $4, $5)`,
            [tenantId, id, subject, sessionMark(caller), clinicId],
          );
        },
      });
      return reply.status(201).send(await findSwitch(engine, caller));
    },
  });

  server.delete('/v1/clinic-switch', {
    schema: { summary: 'Leave the clinic', response: { 200: state } },
    config: { decides: null },
    onRequest: tools.enter('write'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { clinicId } = await findSwitch(engine, caller);
      if (clinicId === null) return { clinicId: null, expiresAt: null };
      await engine.audit.append([
        {
          ...describeCaller(caller),
          action: 'clinic-switch.ended',
          resourceType: 'Clinic',
          resourceId: clinicId,
          clinicId,
          dataClassIds: [],
          decision: 'permit',
          reasonCode: 'granted',
          outcome: 'none',
        },
      ]);
      await engine.stores.readAs(caller).query(endSwitches, [caller.tenantId, caller.subject]);
      return findSwitch(engine, caller);
    },
  });
}
