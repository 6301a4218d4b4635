import { randomUUID } from 'node:crypto';
import { aiRoutes } from './ai-routes.ts';
import { patientRoutes } from './patient-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { json, type RouteCase } from './route-case.ts';
import type { SeedAccount, TestEngine } from './run-engine.ts';

const settingsOf = (patient: SeedAccount): string => `/v1/clinics/${patient.clinicIds[0] ?? ''}/settings`;

/** A stream's beginning, as an answer that ends: up to the first event, which tells what is open. */
async function openStream(engine: TestEngine, account: SeedAccount | null, path: string): Promise<Response> {
  const answer = await engine.send(account, path);
  if (answer.status !== 200) return answer;
  let text = '';
  for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    if (/^data: /m.test(text) && text.endsWith('\n\n')) break;
  }
  return new Response(text, answer);
}

/** Every route of the engine, and how to ask it. A route that is missing here fails the suite. */
export const routeTable: Readonly<Record<string, RouteCase>> = {
  ...recordRoutes,
  ...aiRoutes,
  ...patientRoutes,
  'GET /v1/me': {
    decides: null,
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/me'),
  },
  'GET /v1/me/record': {
    decides: { action: 'read', dataClass: 'patientProfile' },
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/me/record'),
  },
  'GET /v1/clinics/{clinicId}/settings': {
    // Those see the settings who may change them.
    decides: { action: 'update', dataClass: 'portalAccount' },
    kind: 'record',
    permitted: 200,
    send: (engine, account, patient) => engine.send(account, settingsOf(patient)),
  },
  'PATCH /v1/clinics/{clinicId}/settings': {
    decides: { action: 'update', dataClass: 'portalAccount' },
    kind: 'record',
    permitted: 200,
    send: (engine, account, patient) =>
      engine.send(account, settingsOf(patient), { ...json({ keepsFormPictures: false }), method: 'PATCH' }),
  },
  'GET /v1/patients': {
    decides: { action: 'list', dataClass: 'patientProfile' },
    kind: 'list',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/patients'),
  },
  'GET /v1/alerts': {
    decides: { action: 'list', dataClass: 'urgencyAlert' },
    kind: 'list',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/alerts'),
  },
  'POST /v1/alerts': {
    decides: { action: 'create', dataClass: 'urgencyAlert' },
    kind: 'record',
    permitted: 201,
    send: (engine, account, patient) =>
      engine.send(
        account,
        '/v1/alerts',
        json({
          clinicId: patient.clinicIds[0],
          patientId: patient.patientRecordId,
          urgency: 'urgent',
          message: 'Swelling since this morning',
        }),
      ),
  },
  'GET /v1/alerts/stream': {
    decides: { action: 'list', dataClass: 'urgencyAlert' },
    kind: 'list',
    permitted: 200,
    send: (engine, account) => openStream(engine, account, '/v1/alerts/stream'),
  },
  'POST /v1/alerts/{alertId}/acknowledge': {
    decides: { action: 'acknowledge', dataClass: 'urgencyAlert' },
    kind: 'self',
    // Nobody has an alert of that id: the decision let it be looked for.
    permitted: 404,
    send: (engine, account) =>
      engine.send(account, `/v1/alerts/${randomUUID()}/acknowledge`, { method: 'POST' }),
  },
  'GET /v1/patients/{patientId}/imaging-assets': {
    decides: { action: 'list', dataClass: 'imagingAsset' },
    kind: 'list',
    permitted: 200,
    send: (engine, account, patient) =>
      engine.send(account, `/v1/patients/${patient.patientRecordId ?? ''}/imaging-assets`),
  },
  'POST /v1/patients/{patientId}/imaging-assets': {
    decides: { action: 'create', dataClass: 'imagingAsset' },
    kind: 'record',
    // Two bytes are no picture: 415 says that the decision let the file be looked at.
    permitted: 415,
    send: (engine, account, patient) => {
      const body = new FormData();
      body.set('image', new Blob(['no']), 'picture.png');
      const path = `/v1/patients/${patient.patientRecordId ?? ''}/imaging-assets?clinicId=${patient.clinicIds[0] ?? ''}`;
      return engine.send(account, path, { method: 'POST', body });
    },
  },
  'GET /v1/imaging-assets/{assetId}/content': {
    decides: { action: 'read', dataClass: 'imagingAsset' },
    kind: 'self',
    permitted: 404,
    send: (engine, account) => engine.send(account, `/v1/imaging-assets/${randomUUID()}/content`),
  },
  'POST /v1/intake-forms': {
    decides: { action: 'create', dataClass: 'intakeForm' },
    kind: 'record',
    // Two bytes are no form: 415 says that the decision let the file be looked at.
    permitted: 415,
    send: (engine, account, patient) => {
      const body = new FormData();
      body.set('clinicId', patient.clinicIds[0] ?? '');
      body.set('form', new Blob(['no']), 'form.png');
      return engine.send(account, '/v1/intake-forms', { method: 'POST', body });
    },
  },
  'GET /v1/card-number-counts': {
    decides: { action: 'list', dataClass: 'auditLogEntry' },
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/card-number-counts'),
  },
  'GET /v1/audit-entries': {
    decides: { action: 'list', dataClass: 'auditLogEntry' },
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/audit-entries'),
  },
  'GET /v1/audit-entries/export': {
    decides: { action: 'export', dataClass: 'auditLogEntry' },
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/audit-entries/export?format=ndjson'),
  },
  'GET /v1/gate-board': {
    decides: { action: 'list', dataClass: 'auditLogEntry' },
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/gate-board'),
  },
  'GET /v1/me/access-report': {
    decides: { action: 'list', dataClass: 'accessReport' },
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/me/access-report'),
  },
  'GET /v1/me/access-report/{entryId}/proof': {
    decides: { action: 'list', dataClass: 'accessReport' },
    kind: 'self',
    // Nobody has an entry of that id: the decision let it be looked for.
    permitted: 404,
    send: (engine, account) => engine.send(account, `/v1/me/access-report/${randomUUID()}/proof`),
  },
  'GET /v1/intake-forms/{intakeFormId}/image': {
    decides: { action: 'read', dataClass: 'intakeForm' },
    kind: 'self',
    permitted: 404,
    send: (engine, account) => engine.send(account, `/v1/intake-forms/${randomUUID()}/image`),
  },
  'GET /v1/intake-progress/{uploadId}': {
    // An upload of one's own, found under the caller's id; of any other id nothing is known.
    decides: null,
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, `/v1/intake-progress/${randomUUID()}`),
  },
};
