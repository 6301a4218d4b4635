import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openAiStream } from '../../apps/engine/src/features/ai-gateway/providers/testing/protocol-server.ts';
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

/** Asks, and leaves as soon as `until` is in what came, as a page does that is loaded anew. */
async function leave(conversation: string, question: string, until: string): Promise<void> {
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
  leaving.abort();
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
