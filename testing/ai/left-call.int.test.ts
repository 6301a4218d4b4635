import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openAiStream } from '../../apps/engine/src/features/ai-gateway/providers/testing/protocol-server.ts';
import { giveConsent } from '../engine/ai-routes.ts';
import { queryStore } from './query-store.ts';
import { runGateway, type TestGateway } from './run-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await runGateway();
});
afterAll(() => gateway.close());

interface Turn {
  readonly speaker: string;
  readonly text: string;
}

/** Asks, and leaves as soon as `until` is in what came and `meanwhile` is done, as a page does that is loaded anew. */
async function leave(
  conversation: string,
  question: string,
  until: string,
  meanwhile?: () => Promise<unknown>,
): Promise<void> {
  const { engine, patient } = gateway;
  const leaving = new AbortController();
  const answer = await engine.send(patient, '/v1/ai/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-cordon-purpose': 'purpose.chat.triage.assist' },
    body: JSON.stringify({
      model: 'cordon',
      stream: true,
      messages: [{ role: 'user', content: question }],
      metadata: { conversation },
    }),
    signal: leaving.signal,
  });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let came = '';
  while (!came.includes(until)) came += (await reader?.read())?.value ?? '';
  await meanwhile?.();
  leaving.abort();
}

/** Of calls that nobody waited for. */
const outcomes = () =>
  queryStore(
    gateway.engine,
    'audit',
    `SELECT FROM audit.audit_logs WHERE reason_code = 'client-gone' AND outcome = 'failure'`,
  );

/** Asks, leaves in the middle of the answer, and waits until the call is over. @returns what is kept of it */
async function leaveInTheMiddle(meanwhile?: () => Promise<unknown>, conversation = randomUUID()) {
  const [first = ''] = openAiStream({ content: 'Where in your mouth does it hurt, and since when? ' });
  gateway.provider.answer = {
    headers: { 'content-type': 'text/event-stream' },
    pieces: [first],
    hangs: true,
  };
  const before = (await outcomes()).length;
  await leave(conversation, 'My tooth hurts', 'Where in your', meanwhile);
  await vi.waitFor(async () => {
    expect(await outcomes()).toHaveLength(before + 1);
  }, 30_000);
  return queryStore(gateway.engine, 'clinical', 'SELECT FROM clinical.chat_transcripts WHERE id = $1', [
    conversation,
  ]);
}

async function read(conversation: string): Promise<readonly Turn[]> {
  const answer = await gateway.engine.send(gateway.patient, `/v1/ai/conversations/${conversation}`);
  return answer.status === 200 ? ((await answer.json()) as { turns: Turn[] }).turns : [];
}

it('what was said until a page was left is there when it comes back, and goes on', async () => {
  const conversation = randomUUID();
  const { provider, patient } = gateway;
  const [first = ''] = openAiStream({
    content: 'Where in your mouth does it hurt, and since when have you had it, please? ',
  });
  provider.answer = { headers: { 'content-type': 'text/event-stream' }, pieces: [first], hangs: true };
  await leave(conversation, 'Petra Patientson here, my tooth hurts', 'Where in your mouth');
  await vi.waitFor(async () => {
    expect(await read(conversation)).toHaveLength(2);
  }, 30_000);
  const [said, answered] = await read(conversation);
  expect(said).toMatchObject({
    speaker: 'patient',
    text: '[personal detail] [personal detail] here, my tooth hurts',
  });
  expect(answered?.speaker).toBe('assistant');
  expect(answered?.text).toMatch(/^Where in your mouth .* \[…\]$/);
  expect(provider.broken()).toBe(1);

  await vi.waitFor(async () => {
    const outcomes = await queryStore(
      gateway.engine,
      'audit',
      `SELECT FROM audit.audit_logs WHERE reason_code = 'client-gone'`,
    );
    expect(outcomes).toHaveLength(1);
  }, 30_000);

  provider.answer = {
    pieces: [
      JSON.stringify({ choices: [{ message: { content: 'And since when?' }, finish_reason: 'stop' }] }),
    ],
  };
  const next = await gateway.ask(patient, {
    messages: [{ role: 'user', content: 'On the left' }],
    metadata: { conversation },
  });
  expect(next.status).toBe(200);
  expect((await read(conversation)).map(({ speaker }) => speaker)).toEqual([
    'patient',
    'assistant',
    'patient',
    'assistant',
  ]);
});

it('nothing is kept of a conversation that its patient erases before anything of it was, and it does not go on', async () => {
  const { engine, patient } = gateway;
  const conversation = randomUUID();
  const path = `/v1/ai/conversations/${conversation}`;
  const erase = async () => {
    expect((await engine.send(patient, path, { method: 'DELETE' })).status).toBe(404);
  };
  expect(await leaveInTheMiddle(erase, conversation)).toEqual([]);
  const again = await gateway.ask(patient, {
    messages: [{ role: 'user', content: 'On the left' }],
    metadata: { conversation },
  });
  expect(again.status).toBe(400);
  expect(await leaveInTheMiddle()).toHaveLength(1);
});

it('nothing is kept of an answer during which the consent was withdrawn', async () => {
  const { engine, patient } = gateway;
  const kept = await leaveInTheMiddle(() => giveConsent(engine, patient, 'withdrawn'));
  await giveConsent(engine, patient);
  expect(kept).toEqual([]);
});
