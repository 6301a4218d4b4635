import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { entityTag, registerChangeRoute, registerHistoryRoute, statementsOf } from '../../records/index.ts';
import { pageQuery, readCursor, splitPage } from '../../server/page-cursor.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { discloseRecord, discloseRecords } from '../../pipeline/disclose-records.ts';
import {
  patientTable,
  profileColumns,
  profileSchema,
  type ListedPatientRow,
  type PatientRow,
} from './profile.ts';
import { registerPatientCreate } from './create-route.ts';
import { listColumns, listedPatient, showListed } from './listed-patient.ts';
import { patientKind } from './patient-kind.ts';
import { registerPatientSearch } from './search-route.ts';
import { findPatient, listPatients } from './queries.ts';

const mostNamed = 100;

const listed = z.object({ items: z.array(listedPatient), nextCursor: z.string().nullable() });

/** Those named alone, such as the people of one day's appointments: ids say nothing in an address. */
const patientIds = z
  .string()
  .max(mostNamed * 37)
  .transform((text) => text.toLowerCase().split(','))
  .pipe(z.array(z.uuid()).max(mostNamed));

const opened = z.object({
  id: z.uuid(),
  clinicId: z.uuid(),
  createdAt: z.iso.datetime(),
  version: z.number().int(),
  profile: profileSchema.nullable(),
});

export function registerPatientRoutes(tools: RouteTools): void {
  const { server, engine } = tools;
  registerPatientCreate(tools);
  registerPatientSearch(tools);
  registerChangeRoute(tools, patientKind, statementsOf(patientKind));
  registerHistoryRoute(tools, patientKind, statementsOf(patientKind));

  server.get('/v1/patients', {
    schema: {
      summary: 'List patients, newest first',
      querystring: pageQuery.extend({ clinicId: z.uuid().optional(), ids: patientIds.optional() }),
      response: { 200: listed },
    },
    config: { decides: { action: 'list', dataClass: 'patientProfile' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { clinicId, ids, cursor, limit } = request.query;
      const after = readCursor(cursor);
      let nextCursor: string | null = null;
      const rows = await discloseRecords<ListedPatientRow, keyof typeof listColumns>(engine, caller, {
        subject: {
          action: 'list',
          dataClass: 'patientProfile',
          auditAction: 'record.listed',
          resourceType: 'Patient',
        },
        table: patientTable,
        columns: listColumns,
        fetch: async (transaction) => {
          const found = await listPatients(transaction, caller.tenantId, {
            clinicId,
            ids,
            ownId: caller.patientRecordId,
            after,
            limit,
          });
          const split = splitPage(found, limit);
          nextCursor = split.nextCursor;
          return split.page;
        },
      });
      return { items: rows.map(showListed), nextCursor };
    },
  });

  server.get('/v1/patients/:patientId', {
    schema: {
      summary: 'Open one patient',
      params: z.object({ patientId: z.uuid() }),
      response: { 200: opened },
    },
    config: { decides: { action: 'read', dataClass: 'patientProfile' } },
    onRequest: tools.enter('read'),
    handler: (request, reply) => openPatient(tools, request, reply, request.params.patientId.toLowerCase()),
  });

  server.get('/v1/me/record', {
    schema: { summary: "Open one's own record, as a patient", response: { 200: opened } },
    config: { decides: { action: 'read', dataClass: 'patientProfile' } },
    onRequest: tools.enter('read'),
    handler: (request, reply) =>
      openPatient(tools, request, reply, tools.callerOf(request).patientRecordId ?? noRecord),
  });
}

/** Staff have no record of their own; the nil UUID is nobody's, and the refusal is the ordinary one. */
const noRecord = '00000000-0000-0000-0000-000000000000';

async function openPatient(
  tools: RouteTools,
  request: FastifyRequest,
  reply: FastifyReply,
  patientId: string,
) {
  const caller = tools.callerOf(request);
  const { row, fields } = await discloseRecord<PatientRow, keyof typeof profileColumns>(
    tools.engine,
    caller,
    {
      subject: {
        action: 'read',
        dataClass: 'patientProfile',
        auditAction: 'record.opened',
        resourceType: 'Patient',
        resourceId: patientId,
      },
      table: patientTable,
      columns: profileColumns,
      fetch: (transaction) => findPatient(transaction, caller.tenantId, patientId),
    },
  );
  void reply.header('etag', entityTag(row.id, row.version));
  const createdAt = row.created_at.toISOString();
  return { id: row.id, clinicId: row.clinic_id, createdAt, version: row.version, profile: fields };
}
