import { randomUUID } from 'node:crypto';
import type { Action, DataClassId } from '@cordon/access-policy';
import { json, type RouteCase } from './route-case.ts';
import type { SeedAccount, TestEngine } from './run-engine.ts';

const sendConsent = (
  engine: TestEngine,
  patient: SeedAccount,
  state: 'given' | 'withdrawn' = 'given',
): Promise<Response> =>
  engine.send(
    patient,
    '/v1/consent-records',
    json({
      clinicId: patient.clinicIds[0],
      patientId: patient.patientRecordId,
      consentKind: 'ai-assistant',
      wordingVersion: 1,
      state,
    }),
  );

/** A patient agrees to the assistant, or takes it back. */
export async function giveConsent(
  engine: TestEngine,
  patient: SeedAccount,
  state: 'given' | 'withdrawn' = 'given',
): Promise<void> {
  const { status } = await sendConsent(engine, patient, state);
  if (status !== 201) throw new Error(`the consent was not taken: ${status}`);
}

/** A conversation that nobody has: the decision let it be looked for. */
function nobodysConversation(
  route: string,
  action: Action,
  dataClass: DataClassId = 'chatTranscriptPHI',
): Record<string, RouteCase> {
  const [method, path = ''] = route.split(' ');
  return {
    [route]: {
      decides: { action, dataClass },
      kind: 'self',
      permitted: 404,
      send: (engine, account) =>
        engine.send(account, path.replace('{id}', randomUUID()), { method: method ?? 'GET' }),
    },
  };
}

/** The routes of the assistant. */
export const aiRoutes: Readonly<Record<string, RouteCase>> = {
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
  ...nobodysConversation('GET /v1/ai/visitor-conversations/{id}', 'read', 'chatTranscriptNonPHI'),
  ...nobodysConversation('DELETE /v1/ai/visitor-conversations/{id}', 'update', 'chatTranscriptNonPHI'),
  'POST /v1/ai/purposes/{id}': {
    decides: { action: 'use-in-ai', dataClass: 'treatmentPlan', purpose: 'purpose.summary.treatmentPlan' },
    kind: 'self',
    // Nobody has a record of that id: the decision let it be looked for.
    permitted: 404,
    send: (engine, account) =>
      engine.send(account, '/v1/ai/purposes/purpose.summary.treatmentPlan', json({ recordId: randomUUID() })),
  },
};
