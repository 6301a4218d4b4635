import { randomUUID } from 'node:crypto';
import type { Action, DataClassId } from '@cordon/access-policy';
import { freeInterval } from './record-bodies.ts';
import type { SeedAccount, TestEngine } from './run-engine.ts';
import type { RouteCase } from './route-case.ts';

interface RecordRoutes {
  readonly segment: string;
  readonly dataClass: DataClassId;
  readonly create: (engine: TestEngine, patient: SeedAccount) => object;
  readonly change?: object;
  readonly amend?: object;
}

/** Somebody who works where the patient is registered; nobody, by an id of the right form, where no such clinic is. */
const clinicianOf = (engine: TestEngine, patient: SeedAccount): string =>
  engine.plan.accounts.find(
    ({ role, clinicIds }) => role === 'role.clinician' && clinicIds[0] === patient.clinicIds[0],
  )?.accountId ?? randomUUID();

const kinds: readonly RecordRoutes[] = [
  {
    segment: 'appointments',
    dataClass: 'appointmentBooking',
    create: (engine, patient) => ({ clinicianId: clinicianOf(engine, patient), ...freeInterval() }),
    change: { state: 'arrived' },
  },
  {
    segment: 'treatment-plans',
    dataClass: 'treatmentPlan',
    create: () => ({ title: 'Crown' }),
    change: { title: 'Bridge' },
  },
  {
    segment: 'clinical-records',
    dataClass: 'clinicalRecord',
    create: () => ({ problemList: 'Fractured 36' }),
    amend: { problemList: 'Fractured 46' },
  },
  {
    segment: 'billing-records',
    dataClass: 'billingRecord',
    create: () => ({ amountPence: 100 }),
    change: { state: 'paid' },
  },
  {
    segment: 'chat-transcripts',
    dataClass: 'chatTranscriptPHI',
    create: () => ({ purposeId: 'purpose.chat.triage.assist', transcript: 'A tooth hurts.' }),
    change: { state: 'closed' },
  },
  {
    segment: 'consent-records',
    dataClass: 'consentRecord',
    create: () => ({ consentKind: 'photographs', wordingVersion: 1, state: 'given' }),
  },
];

const withBody = (method: string, body: object): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** A route that names one record by an id that nobody has: 404 says that the decision let it be looked for. */
function named(
  action: Action,
  dataClass: DataClassId,
  path: (id: string) => string,
  init?: RequestInit,
): RouteCase {
  return {
    decides: { action, dataClass },
    kind: 'self',
    permitted: 404,
    send: (engine, account) => engine.send(account, path(randomUUID()), init),
  };
}

function routesOf({ segment, dataClass, create, change, amend }: RecordRoutes): Record<string, RouteCase> {
  const base = `/v1/${segment}`;
  const one = (id: string) => `${base}/${id}`;
  return {
    [`GET ${base}`]: {
      decides: { action: 'list', dataClass },
      kind: 'list',
      permitted: 200,
      send: (engine, account) => engine.send(account, base),
    },
    [`POST ${base}`]: {
      decides: { action: 'create', dataClass },
      kind: 'record',
      permitted: 201,
      send: (engine: TestEngine, account: SeedAccount | null, patient: SeedAccount) =>
        engine.send(
          account,
          base,
          withBody('POST', {
            clinicId: patient.clinicIds[0],
            patientId: patient.patientRecordId,
            ...create(engine, patient),
          }),
        ),
    },
    [`GET ${base}/{id}`]: named('read', dataClass, one),
    [`GET ${base}/{id}/history`]: named('read', dataClass, (id) => `${one(id)}/history`),
    ...(change && { [`PATCH ${base}/{id}`]: named('update', dataClass, one, withBody('PATCH', change)) }),
    ...(amend && {
      [`POST ${base}/{id}/amendments`]: named(
        'amend',
        dataClass,
        (id) => `${one(id)}/amendments`,
        withBody('POST', amend),
      ),
    }),
  };
}

const leads = (id: string) => `/v1/leads/${id}`;

const tenantRoutes: Readonly<Record<string, RouteCase>> = {
  'GET /v1/clinicians': {
    decides: { action: 'create', dataClass: 'appointmentBooking' },
    kind: 'record',
    permitted: 200,
    send: (engine, account, patient) =>
      engine.send(account, `/v1/clinicians?clinicId=${patient.clinicIds[0] ?? ''}`),
  },
  'GET /v1/figures': {
    decides: { action: 'list', dataClass: 'urgencyAlert' },
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/figures'),
  },
  'GET /v1/leads': {
    decides: { action: 'list', dataClass: 'marketingLead' },
    kind: 'self',
    permitted: 200,
    send: (engine, account) => engine.send(account, '/v1/leads'),
  },
  'POST /v1/leads': {
    decides: { action: 'create', dataClass: 'marketingLead' },
    kind: 'self',
    permitted: 201,
    send: (engine, account, patient) =>
      engine.send(
        account,
        '/v1/leads',
        withBody('POST', {
          clinicId: patient.clinicIds[0],
          fullName: 'Lena Leadson',
          contact: 'lena@example.org',
          message: 'Do you fit braces?',
          consentToContact: true,
          consentWordingVersion: 1,
        }),
      ),
  },
  'GET /v1/leads/{id}': named('read', 'marketingLead', leads),
  'GET /v1/leads/{id}/history': named('read', 'marketingLead', (id) => `${leads(id)}/history`),
  'PATCH /v1/leads/{id}': named('update', 'marketingLead', leads, withBody('PATCH', { state: 'contacted' })),
};

export const recordRoutes: Readonly<Record<string, RouteCase>> = Object.assign(
  {},
  tenantRoutes,
  ...kinds.map(routesOf),
) as Record<string, RouteCase>;
