import { z } from 'zod';
import { pageQuery, readCursor, splitPage } from '../../server/page-cursor.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { discloseRecord, discloseRecords } from '../../walk/disclose-records.ts';
import { patientTable, profileColumns, profileSchema, type PatientRow } from './profile.ts';
import { findPatient, listPatients } from './queries.ts';

const listed = z.object({
  items: z.array(
    z.object({
      id: z.uuid(),
      clinicId: z.uuid(),
      /** Null where the role sees rows without keys, and where the record was erased or damaged. */
      fullName: z.string().nullable(),
      dateOfBirth: z.string().nullable(),
      state: z.enum(['open', 'ciphertext', 'destroyed', 'damaged']),
      createdAt: z.iso.datetime(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

const opened = z.object({
  id: z.uuid(),
  clinicId: z.uuid(),
  createdAt: z.iso.datetime(),
  profile: profileSchema.nullable(),
});

const listColumns = { fullName: 'full_name', dateOfBirth: 'date_of_birth' } as const;

export function registerPatientRoutes(tools: RouteTools): void {
  const { server, engine } = tools;

  server.get('/v1/patients', {
    schema: {
      summary: 'List patients, newest first',
      querystring: pageQuery.extend({ clinicId: z.uuid().optional() }),
      response: { 200: listed },
    },
    config: { decides: { action: 'list', dataClass: 'patientProfile' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { clinicId, cursor, limit } = request.query;
      const after = readCursor(cursor);
      let nextCursor: string | null = null;
      const rows = await discloseRecords<PatientRow, keyof typeof listColumns>(engine, caller, {
        subject: {
          action: 'list',
          dataClass: 'patientProfile',
          auditAction: 'record.listed',
          resourceType: 'Patient',
        },
        table: patientTable,
        columns: listColumns,
        fetch: async (transaction) => {
          const found = await listPatients(transaction, caller.tenantId, { clinicId, after, limit });
          const split = splitPage(found, limit);
          nextCursor = split.nextCursor;
          return split.page;
        },
      });
      const items = rows.map(({ row, fields, state }) => ({
        id: row.id,
        clinicId: row.clinic_id,
        fullName: fields?.fullName ?? null,
        dateOfBirth: fields?.dateOfBirth ?? null,
        state,
        createdAt: row.created_at.toISOString(),
      }));
      return { items, nextCursor };
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
    handler: (request) => openPatient(tools, request, request.params.patientId.toLowerCase()),
  });

  server.get('/v1/me/record', {
    schema: { summary: "Open one's own record, as a patient", response: { 200: opened } },
    config: { decides: { action: 'read', dataClass: 'patientProfile' } },
    onRequest: tools.enter('read'),
    handler: (request) => openPatient(tools, request, tools.callerOf(request).patientRecordId ?? noRecord),
  });
}

/** Staff have no record of their own; the nil UUID is nobody's, and the refusal is the ordinary one. */
const noRecord = '00000000-0000-0000-0000-000000000000';

async function openPatient(
  tools: RouteTools,
  request: Parameters<RouteTools['callerOf']>[0],
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
  return { id: row.id, clinicId: row.clinic_id, createdAt: row.created_at.toISOString(), profile: fields };
}
