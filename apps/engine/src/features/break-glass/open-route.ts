import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { contactSchemas, freeText, lowerId } from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { decideOrRefuse } from '../../pipeline/decide.ts';
import { findByNhsNumber, findRecord } from './find-record.ts';
import { breakGlassSubject, openGrant, type OpenedGrant } from './open-grant.ts';

const opened = z.object({
  id: z.uuid(),
  patientId: z.uuid(),
  clinicId: z.uuid(),
  expiresAt: z.iso.datetime(),
});
/** The nil UUID is nobody's (RFC 9562, 5.9). */
const notKnownYet = '00000000-0000-0000-0000-000000000000';
const reason = freeText(1000).refine((text) => text.length >= 10);

/**
 * Opens records of the tenant in an emergency, for the caller alone and as long as the store says. A factor shown within
 * minutes and a reason are asked for; the reason is ciphertext under the patient's key, in the row that the audit entry names.
 */
export function registerBreakGlassOpen(tools: RouteTools): void {
  const { server, engine } = tools;
  const decides = { action: 'break-glass', dataClass: 'patientProfile' } as const;

  server.post('/v1/break-glass-grants', {
    schema: {
      summary: 'Open one patient’s record in an emergency, for 60 minutes',
      body: z.strictObject({ patientId: lowerId, reason }),
      response: { 201: opened },
    },
    config: { decides },
    onRequest: tools.enter('write'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const { patientId } = request.body;
      const id = randomUUID();
      const resource = { tenantId: caller.tenantId, patientRecordId: patientId };
      await decideOrRefuse(engine, caller, breakGlassSubject(id), resource);
      const found = await findRecord(engine, caller, id, patientId);
      return reply.status(201).send(await openGrant(engine, caller, found, request.body.reason, id));
    },
  });

  server.post('/v1/break-glass-grants/by-nhs-number', {
    schema: {
      summary:
        'Open, in an emergency and for 60 minutes, the records of one NHS number that are closed to one',
      body: z.strictObject({ nhsNumber: contactSchemas.nhsNumber, reason }),
      response: { 201: z.object({ items: z.array(opened) }) },
    },
    config: { decides },
    // Numbers are looked for by people who stand beside a patient, not by lists.
    onRequest: tools.enter('emergency'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const id = randomUUID();
      // Whose record it is, is not known yet; each that is found is decided again before it opens.
      const resource = { tenantId: caller.tenantId, patientRecordId: notKnownYet };
      await decideOrRefuse(engine, caller, breakGlassSubject(id), resource);
      const found = await findByNhsNumber(engine, caller, id, request.body.nhsNumber);
      const items: OpenedGrant[] = [];
      for (const record of found) items.push(await openGrant(engine, caller, record, request.body.reason));
      return reply.status(201).send({ items });
    },
  });
}
