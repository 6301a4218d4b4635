import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { recordCardNumbers } from '../../audit/record-card-numbers.ts';
import {
  claimKey,
  createPatientBody,
  createOnce,
  namedFields,
  readIdempotencyKey,
  toTexts,
} from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { changeRecord, wipeSearchKeys } from '../../pipeline/change-record.ts';
import { decideOrRefuse, type Subject } from '../../pipeline/decide.ts';
import { insertPatient } from './insert-patient.ts';
import { patientKind } from './patient-kind.ts';

const subject: Subject = {
  action: 'create',
  dataClass: 'patientProfile',
  auditAction: 'record.created',
  resourceType: 'Patient',
};

/** Registers a patient by hand, as the intake form does by picture: key first, then row and search tokens at once. */
export function registerPatientCreate(tools: RouteTools): void {
  const { server, engine } = tools;
  server.post('/v1/patients', {
    schema: {
      summary: 'Add a patient',
      body: createPatientBody(patientKind),
      response: { 201: z.object({ id: z.uuid() }) },
    },
    config: { decides: { action: 'create', dataClass: 'patientProfile' } },
    onRequest: tools.enter('write'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const { tenantId } = caller;
      const { clinicId, ...values } = request.body;
      const changedFields = namedFields(patientKind, values);
      const { texts, cardNumbersRemoved } = toTexts(patientKind.sealed, values);
      const given = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null));
      const profile = {
        ...given,
        fullName: texts['fullName'] ?? '',
        dateOfBirth: texts['dateOfBirth'] ?? '',
      };
      const repeatable = await readIdempotencyKey(engine, caller, request.headers['idempotency-key'], {
        route: 'POST /v1/patients',
        body: request.body,
      });
      const create = async () => {
        const id = randomUUID();
        const search = await engine.tenantKeys.search(tenantId);
        await changeRecord(engine, caller, {
          subject: { ...subject, resourceId: id },
          clinicId,
          patientId: id,
          newPatient: true,
          changedFields,
          work: async (transaction, key) => {
            if (repeatable !== null) await claimKey(transaction, caller, repeatable, id);
            const patient = { tenantId, id, clinicId, createdBy: caller.subject, profile };
            await insertPatient(transaction, patient, key, search);
          },
        }).finally(() => {
          wipeSearchKeys(search);
        });
        const cleaned = { type: 'Patient', id, clinicId, dataClass: 'patientProfile' } as const;
        if (cardNumbersRemoved > 0) await recordCardNumbers(engine, caller, cleaned, cardNumbersRemoved);
        return id;
      };
      const decide = () => decideOrRefuse(engine, caller, subject, { tenantId, clinicId });
      const id = await createOnce(engine, caller, repeatable, { decide, create });
      return reply.status(201).header('location', `/v1/patients/${id}`).send({ id });
    },
  });
}
