import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { json } from '../engine/route-case.ts';
import { queryStore } from './query-store.ts';
import { completion, runGateway, type TestGateway } from './run-gateway.ts';
import { openSite, type TestSite } from './visitor.ts';

const triage = 'purpose.chat.triage.assist';
let gateway: TestGateway;
let site: TestSite;
beforeAll(async () => {
  site = await openSite();
  gateway = await runGateway(site.environment);
  gateway.provider.answer = completion('All is well.');
});
afterAll(() => gateway.close());

const messages = [{ role: 'user', content: 'My tooth hurts, says Petra Patientson' }];

const entriesOf = (answer: Response) =>
  queryStore<Record<string, unknown>>(
    gateway.engine,
    'audit',
    `SELECT outcome, decision, reason_code, at IS NOT NULL AS timed, tenant_id, clinic_id, initiator_type, purpose_id,
       data_class_ids, actor_session, provider_id, purpose FROM audit.audit_logs
     WHERE request_id = $1 AND action = 'ai.called' ORDER BY at`,
    [answer.headers.get('x-request-id')],
  );

const logFields = (...fields: string[]): Promise<void> =>
  gateway.configure((file) => ({ ...file, audit: { logAllCalls: true, logFields: fields } }));

it('a call leaves the fields that the configuration lists, and the hash of what was sent', async () => {
  await gateway.configure((file) => file);
  const sessionId = randomUUID();
  const token = await gateway.engine.token(gateway.patient, { sid: sessionId });
  const answer = await fetch(`${gateway.engine.running.url}/v1/ai/chat/completions`, {
    ...json({ model: triage, messages }),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  });
  const sent = JSON.parse(gateway.provider.received.at(-1)?.body ?? '{}') as { messages: { content: string }[] };
  const [system, ...rest] = sent.messages;
  const hash = createHash('sha256').update(JSON.stringify([system?.content, rest, []])).digest('hex');
  const listed = {
    timed: true,
    tenant_id: gateway.patient.tenantId,
    clinic_id: gateway.patient.clinicIds[0],
    initiator_type: 'patient',
    purpose_id: triage,
    data_class_ids: ['chatTranscriptPHI'],
    actor_session: sessionId,
    provider_id: 'provider.recording',
    purpose: `sha256.${hash}`,
  };
  expect(await entriesOf(answer)).toMatchObject([
    { ...listed, outcome: 'intent', decision: 'permit' },
    { ...listed, outcome: 'success', decision: 'permit' },
  ]);
}); // prettier-ignore

it('leaves what the configuration does not list out, of refusals as well', async () => {
  await logFields('timestamp', 'tenantId', 'initiatorType', 'status');
  const left = { clinic_id: null, purpose_id: null, data_class_ids: [], actor_session: null, provider_id: null };
  const answered = await entriesOf(await gateway.ask(gateway.patient, { messages }));
  expect(answered).toMatchObject([left, left]);
  const refused = await entriesOf(await gateway.ask(gateway.patient, { messages, user: 'Petra' }));
  expect(refused).toMatchObject([{ ...left, decision: 'deny', reason_code: 'ai-request-invalid' }]);
}); // prettier-ignore

it('names a visitor’s clinic, and nothing that somebody made up', async () => {
  await gateway.configure((file) => file);
  const [clinicId = ''] = gateway.patient.clinicIds;
  const token = await site.token({ tenantId: gateway.patient.tenantId, clinicId });
  const ask = (model: string): Promise<Response> =>
    fetch(`${gateway.engine.running.url}/v1/ai/chat/completions`, {
      ...json({ model, messages }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    });
  expect(await entriesOf(await ask('purpose.chat.marketing.general'))).toMatchObject([
    { clinic_id: clinicId, initiator_type: 'anonymous', data_class_ids: ['chatTranscriptNonPHI'] },
    { clinic_id: clinicId, outcome: 'success' },
  ]);
  expect(await entriesOf(await ask('purpose.petra.patientson'))).toMatchObject([
    { clinic_id: clinicId, purpose_id: null, reason_code: 'ai-purpose-unknown' },
  ]);
});

it('never holds a word of a question or an answer', async () => {
  const found = await queryStore(
    gateway.engine,
    'audit',
    `SELECT action FROM audit.audit_logs l WHERE l::text ~* 'tooth|petra|patientson|all is well'`,
  );
  expect(found).toEqual([]);
});
