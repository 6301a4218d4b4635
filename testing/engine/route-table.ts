import { randomUUID } from 'node:crypto';
import type { Action, DataClassId, SignedInRoleId } from '@cordon/access-policy';
import { recordRoutes } from './record-routes.ts';
import type { SeedAccount, TestEngine } from './run-engine.ts';

/** Whose record a request is about, seen from a member of the first clinic of the first tenant. */
export const relations = ['own clinic', 'other clinic', 'other tenant'] as const;
export type Relation = (typeof relations)[number];

/** The patient of each relation, in the plan of run-engine-on.ts. */
export const patientOf: Readonly<Record<Relation, string>> = {
  'own clinic': 'Petra Patientson',
  'other clinic': 'Yusuf Yorkson',
  'other tenant': 'Rita Riverson',
};

/** One account a role, each in the first tenant; staff of its first clinic (the admin works in both). */
export const accountOf: Readonly<Record<SignedInRoleId, string>> = {
  'role.clinician': 'clinician',
  'role.receptionist': 'receptionist',
  'role.patient': 'Petra Patientson',
  'role.admin': 'admin',
  'role.externalContractor': 'contractor',
  'role.corporateAdmin': 'corporate admin',
  'role.auditor': 'auditor',
};
export interface RouteCase {
  /** What the handler asks the policy; null where it tells the caller about nobody but the caller. */
  readonly decides: {
    readonly action: Action;
    readonly dataClass: DataClassId;
    /** A purpose of the AI gateway under which the caller asks. */
    readonly purpose?: string;
  } | null;
  /** `record`: the path or body names a record of the relation. `list`: rows are filtered. `self`: nothing is named. */
  readonly kind: 'record' | 'list' | 'self';
  readonly permitted: number;
  send(engine: TestEngine, account: SeedAccount | null, patient: SeedAccount): Promise<Response>;
}

const settingsOf = (patient: SeedAccount): string => `/v1/clinics/${patient.clinicIds[0] ?? ''}/settings`;

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

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

const sendConsent = (engine: TestEngine, patient: SeedAccount): Promise<Response> =>
  engine.send(
    patient,
    '/v1/consent-records',
    json({
      clinicId: patient.clinicIds[0],
      patientId: patient.patientRecordId,
      consentKind: 'ai-assistant',
      wordingVersion: 1,
      state: 'given',
    }),
  );

/** A patient agrees to the assistant. */
export async function giveConsent(engine: TestEngine, patient: SeedAccount): Promise<void> {
  const { status } = await sendConsent(engine, patient);
  if (status !== 201) throw new Error(`the consent was not taken: ${status}`);
}

/** A conversation that nobody has: the decision let it be looked for. */
function nobodysConversation(route: string, action: Action): Record<string, RouteCase> {
  const [method, path = ''] = route.split(' ');
  return {
    [route]: {
      decides: { action, dataClass: 'chatTranscriptPHI' },
      kind: 'self',
      permitted: 404,
      send: (engine, account) =>
        engine.send(account, path.replace('{id}', randomUUID()), { method: method ?? 'GET' }),
    },
  };
}

/** Every route of the engine, and how to ask it. A route that is missing here fails the suite. */
export const routeTable: Readonly<Record<string, RouteCase>> = {
  ...recordRoutes,
  'GET /v1/ai/models': {
    decides: null,
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/ai/models'),
  },
  'POST /v1/ai/chat/completions': {
    decides: { action: 'use-in-ai', dataClass: 'chatTranscriptPHI', purpose: 'purpose.chat.triage.assist' },
    kind: 'record',
    permitted: 200,
    send: async (engine, account, patient) => {
      // The purpose stands on consent, which patients give themselves where they are there.
      await sendConsent(engine, patient);
      return engine.send(
        account,
        '/v1/ai/chat/completions',
        json({
          model: 'purpose.chat.triage.assist',
          messages: [{ role: 'user', content: 'My tooth hurts' }],
          metadata: { patient: patient.patientRecordId },
        }),
      );
    },
  },
  'GET /v1/ai/conversations': {
    decides: { action: 'list', dataClass: 'chatTranscriptPHI' },
    kind: 'list',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/ai/conversations'),
  },
  ...nobodysConversation('GET /v1/ai/conversations/{id}', 'read'),
  ...nobodysConversation('DELETE /v1/ai/conversations/{id}', 'update'),
  ...nobodysConversation('POST /v1/ai/conversations/{id}/hand-over', 'update'),
  'POST /v1/ai/purposes/{id}': {
    decides: { action: 'use-in-ai', dataClass: 'treatmentPlan', purpose: 'purpose.summary.treatmentPlan' },
    kind: 'self',
    // Nobody has a record of that id: the decision let it be looked for.
    permitted: 404,
    send: (engine, account) =>
      engine.send(account, '/v1/ai/purposes/purpose.summary.treatmentPlan', json({ recordId: randomUUID() })),
  },
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
