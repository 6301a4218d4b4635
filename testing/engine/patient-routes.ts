import { randomUUID } from 'node:crypto';
import { json, type RouteCase } from './route-case.ts';

/** The routes of patients, and of the exceptions under which somebody else looks at them. */
export const patientRoutes: Readonly<Record<string, RouteCase>> = {
  'POST /v1/break-glass-grants': {
    decides: { action: 'break-glass', dataClass: 'patientProfile' },
    kind: 'self',
    // Nobody is the patient of that id: the decision let them be looked for.
    permitted: 404,
    send: (engine, account) =>
      engine.send(
        account,
        '/v1/break-glass-grants',
        json({ patientId: randomUUID(), reason: 'Unconscious in the waiting room' }),
      ),
  },
  'POST /v1/break-glass-grants/by-nhs-number': {
    decides: { action: 'break-glass', dataClass: 'patientProfile' },
    kind: 'self',
    // Nobody has the number: the decision let it be looked for.
    permitted: 404,
    send: (engine, account) =>
      engine.send(
        account,
        '/v1/break-glass-grants/by-nhs-number',
        json({ nhsNumber: '943 476 5919', reason: 'Unconscious in the waiting room' }),
      ),
  },
  'GET /v1/break-glass-grants': {
    decides: { action: 'list', dataClass: 'auditLogEntry' },
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/break-glass-grants'),
  },
  'POST /v1/break-glass-grants/{id}/review': {
    decides: { action: 'acknowledge', dataClass: 'auditLogEntry' },
    kind: 'self',
    permitted: 404,
    send: (engine, account) =>
      engine.send(account, `/v1/break-glass-grants/${randomUUID()}/review`, json({ review: 'justified' })),
  },
  'GET /v1/clinic-switch': {
    decides: null,
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/clinic-switch'),
  },
  'DELETE /v1/clinic-switch': {
    decides: null,
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/clinic-switch', { method: 'DELETE' }),
  },
  'POST /v1/clinic-switch': {
    decides: { action: 'switch-clinic', dataClass: 'patientProfile' },
    kind: 'self',
    permitted: 404,
    send: (engine, account) => engine.send(account, '/v1/clinic-switch', json({ clinicId: randomUUID() })),
  },
  'POST /v1/patients': {
    decides: { action: 'create', dataClass: 'patientProfile' },
    kind: 'record',
    permitted: 201,
    send: (engine, account, patient) =>
      engine.send(
        account,
        '/v1/patients',
        json({ clinicId: patient.clinicIds[0], fullName: 'Nora Newcomer', dateOfBirth: '1990-02-03' }),
      ),
  },
  'POST /v1/patients/search': {
    decides: { action: 'list', dataClass: 'patientProfile' },
    kind: 'list',
    permitted: 200,
    send: (engine, account, patient) =>
      engine.send(account, '/v1/patients/search', json({ name: patient.displayName })),
  },
  'PATCH /v1/patients/{id}': {
    decides: { action: 'update', dataClass: 'patientProfile' },
    kind: 'self',
    permitted: 404,
    send: (engine, account) =>
      engine.send(account, `/v1/patients/${randomUUID()}`, {
        ...json({ phone: '01632 960456' }),
        method: 'PATCH',
      }),
  },
  'GET /v1/patients/{id}/history': {
    decides: { action: 'read', dataClass: 'patientProfile' },
    kind: 'self',
    permitted: 404,
    send: (engine, account) => engine.send(account, `/v1/patients/${randomUUID()}/history`),
  },
  'GET /v1/patients/{patientId}': {
    decides: { action: 'read', dataClass: 'patientProfile' },
    kind: 'record',
    permitted: 200,
    send: (engine, account, patient) => engine.send(account, `/v1/patients/${patient.patientRecordId ?? ''}`),
  },
  'GET /v1/patients/{patientId}/intake-forms': {
    decides: { action: 'read', dataClass: 'intakeForm' },
    kind: 'record',
    permitted: 200,
    send: (engine, account, patient) =>
      engine.send(account, `/v1/patients/${patient.patientRecordId ?? ''}/intake-forms`),
  },
};
