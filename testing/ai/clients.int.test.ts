import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, isStepCount, Output, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAiStream } from '../../apps/engine/src/features/ai-gateway/providers/testing/protocol-server.ts';
import { queryStore } from './query-store.ts';
import { completion, runGateway, type TestGateway } from './run-gateway.ts';

const triage = 'purpose.chat.triage.assist';
const her = 'Petra Patientson';
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await runGateway();
});
beforeEach(() => {
  gateway.provider.answer = model;
  gateway.provider.received.length = 0;
});
afterAll(() => gateway.close());

interface Body {
  readonly stream: boolean;
  readonly messages: readonly { readonly role: string; readonly content: string; readonly tool_calls?: unknown[] }[];
  readonly tools?: readonly { readonly function: { readonly name: string; readonly parameters: object } }[];
} // prettier-ignore

/** A model that looks twice where it may, at what it was told last, and then tells what it saw. */
function model(body: string) {
  const { stream, messages, tools } = JSON.parse(body) as Body;
  const results = messages.filter(({ role }) => role === 'tool');
  const said = (results.at(-1) ?? messages.findLast(({ role }) => role === 'user'))?.content ?? '';
  const looks = tools !== undefined && results.length < 2;
  const call = (text: string) => ({ index: 0, ...(text === '' ? { id: 'same', type: 'function' } : {}), function: { ...(text === '' ? { name: 'look' } : {}), arguments: text } });
  const given = JSON.stringify({ who: said });
  if (stream) {
    const pieces = looks ? ['', ...(given.match(/.{1,3}/gsu) ?? [])].map((text) => ({ tool_calls: [call(text)] })) : (`You said: ${said}`.match(/.{1,3}/gsu) ?? []).map((content) => ({ content }));
    return { headers: { 'content-type': 'text/event-stream' }, pieces: openAiStream(...pieces).map((each) => (looks ? each.replace('"finish_reason":"stop"', '"finish_reason":"tool_calls"') : each)) };
  }
  if (!looks) return completion(`You said: ${said}`);
  const message = { content: null, tool_calls: [{ id: 'same', type: 'function', function: { name: 'look', arguments: given } }] };
  return { pieces: [JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'tool_calls' }], usage: { prompt_tokens: 7, completion_tokens: 3 } })] };
} // prettier-ignore

const bodies = (): Body[] => gateway.provider.received.map(({ body }) => JSON.parse(body) as Body);

/** The provider got no word of her, and each call of a tool has an id of its own. */
function expectNothingLeft(): void {
  for (const { body } of gateway.provider.received) expect(body).not.toMatch(/petra|patientson/iu);
  const calls = bodies().at(-1)?.messages.flatMap(({ tool_calls = [] }) => tool_calls as { id: string }[]) ?? [];
  expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
} // prettier-ignore

describe('the AI SDK', () => {
  const open = async () =>
    createOpenAICompatible({
      name: 'cordon',
      baseURL: `${gateway.engine.running.url}/v1/ai`,
      apiKey: await gateway.engine.token(gateway.patient),
      headers: { 'x-cordon-purpose': triage },
      includeUsage: true,
    })('cordon');
  const seen: string[] = [];
  const look = tool({
    description: 'Looks somebody up.',
    inputSchema: z.object({ who: z.string() }),
    execute: ({ who }) => {
      seen.push(who);
      return { found: `${who} has an appointment` };
    },
  });
  beforeEach(() => {
    seen.length = 0;
  });

  it.each([false, true])('goes through several steps with tools; streamed: %s', async (stream) => {
    const asking = { model: await open(), prompt: `I am ${her}`, tools: { look }, stopWhen: isStepCount(5) };
    const { text, steps } = stream ? await settle(streamText(asking)) : await generateText(asking);
    expect(steps).toHaveLength(3);
    expect(seen).toEqual([`I am ${her}`, `{"found":"I am ${her} has an appointment"}`]);
    expect(text).toContain(`I am ${her} has an appointment`);
    expect(gateway.provider.received).toHaveLength(3);
    expectNothingLeft();
    expect(bodies()[0]?.tools?.[0]?.function.parameters).toEqual({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { who: { type: 'string' } },
      required: ['who'],
      additionalProperties: false,
    });
  });

  it('is told what the gateway does not take: a form of the answer, a system text, a picture', async () => {
    const asked = await open();
    const ask = (more: object) => generateText({ model: asked, prompt: 'hello', maxRetries: 2, ...more });
    const refusal = (code: string, param: string | null = null) => ({
      statusCode: expect.any(Number) as number,
      isRetryable: false,
      responseBody: expect.stringContaining(`"code":"${code}","param":${JSON.stringify(param)}`) as string,
    });
    await expect(ask({ output: Output.object({ schema: z.object({ a: z.string() }) }) })).rejects.toMatchObject(
      refusal('ai-request-invalid', 'response_format'),
    );
    await expect(ask({ instructions: 'Obey.' })).rejects.toMatchObject(refusal('ai-system-text-not-allowed'));
    const picture = { type: 'file', mediaType: 'image/png', data: Buffer.from('iVBORw0KGgo=', 'base64') };
    await expect(
      ask({ prompt: undefined, messages: [{ role: 'user', content: [{ type: 'text', text: 'see' }, picture] }] }),
    ).rejects.toMatchObject(refusal('ai-picture-refused'));
    expect(gateway.provider.received).toHaveLength(0);
  });

  it('ends the provider’s work with its own', async () => {
    gateway.provider.answer = { pieces: openAiStream({ content: 'Wait for the ' }).slice(0, 1), hangs: true };
    const before = gateway.provider.broken();
    const leaving = new AbortController();
    const answer = streamText({ model: await open(), prompt: 'hello', abortSignal: leaving.signal });
    const parts: string[] = [];
    for await (const part of answer.stream) {
      parts.push(part.type);
      if (part.type === 'text-delta') leaving.abort();
    }
    expect(parts.at(-1)).toBe('abort');
    await expect.poll(() => gateway.provider.broken()).toBe(before + 1);
  });
}); // prettier-ignore

async function settle<Steps>(answer: { consumeStream: () => PromiseLike<void>; text: PromiseLike<string>; steps: PromiseLike<Steps> }) {
  await answer.consumeStream();
  return { text: await answer.text, steps: await answer.steps };
} // prettier-ignore

describe('the official client of OpenAI’s API', () => {
  const open = async (options: { maxRetries?: number; apiKey?: string } = {}): Promise<OpenAI> =>
    new OpenAI({
      baseURL: `${gateway.engine.running.url}/v1/ai`,
      apiKey: await gateway.engine.token(gateway.patient),
      defaultHeaders: { 'x-cordon-purpose': triage },
      ...options,
    });
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: `I am ${her}` }];
  const parameters = z.object({ who: z.string() });
  const look = { name: 'look', description: 'Looks somebody up.', parameters };

  it('puts a streamed call of a tool together, and its use', async () => {
    const stream = (await open()).chat.completions.stream({
      model: 'cordon',
      messages,
      tools: [zodFunction(look)],
      stream_options: { include_usage: true },
    });
    const done = await stream.finalChatCompletion();
    const [choice] = done.choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(choice?.message.tool_calls).toMatchObject([
      {
        function: {
          name: 'look',
          arguments: JSON.stringify({ who: `I am ${her}` }),
          parsed_arguments: { who: `I am ${her}` },
        },
      },
    ]);
    expect(done.usage).toMatchObject({ prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 });
    expectNothingLeft();
  });

  it('parses a call of a tool', async () => {
    const done = await (await open()).chat.completions.parse({ model: 'cordon', messages, tools: [zodFunction(look)] });
    expect(done.choices[0]?.message.tool_calls).toMatchObject([{ function: { parsed_arguments: { who: `I am ${her}` } } }]);
  });

  it.each([false, true])('runs tools until there is an answer; streamed: %s', async (stream) => {
    const seen: string[] = [];
    const run = zodFunction({
      ...look,
      function: ({ who }) => {
        seen.push(who);
        return { found: `${who} has an appointment` };
      },
    });
    const { completions } = (await open()).chat;
    const asking = { model: 'cordon', messages, tools: [run] };
    const runner = stream ? completions.runTools({ ...asking, stream: true }) : completions.runTools(asking);
    expect(await runner.finalContent()).toContain(`I am ${her} has an appointment`);
    expect(seen).toHaveLength(2);
    expect(gateway.provider.received).toHaveLength(3);
    expectNothingLeft();
  });

  it('ends the provider’s work with its own', async () => {
    gateway.provider.answer = { pieces: openAiStream({ content: 'Wait for the ' }).slice(0, 1), hangs: true };
    const before = gateway.provider.broken();
    const stream = await (await open()).chat.completions.create({ model: 'cordon', messages, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content?.includes('Wait') === true) stream.controller.abort();
    await expect.poll(() => gateway.provider.broken()).toBe(before + 1);
  });

  it('throws its own errors, with the code of the reason and the member that is refused', async () => {
    const client = await open();
    const refused = async (ask: (given: OpenAI) => Promise<unknown>, given = client): Promise<unknown[]> => {
      const error = await ask(given).then(() => undefined, (thrown: unknown) => thrown);
      if (!(error instanceof OpenAI.APIError)) throw new Error('nothing was refused', { cause: error });
      expect(error.message).toMatch(/^\d{3} [A-Z].{20,}\.$/u);
      expect(error.requestID).toMatch(/./u);
      return [error.constructor.name, error.code, error.param];
    };
    const create = (more: object) => (given: OpenAI) => given.chat.completions.create({ model: 'cordon', messages, ...more });
    expect(await refused(create({ user: her }))).toEqual(['BadRequestError', 'ai-request-invalid', 'user']);
    expect(await refused(create({ [her]: 1 }))).toEqual(['BadRequestError', 'ai-request-invalid', null]);
    expect(await refused(create({ response_format: zodResponseFormat(parameters, 'x') }))).toEqual(['BadRequestError', 'ai-request-invalid', 'response_format']);
    expect(await refused((given) => given.chat.completions.parse({ model: 'cordon', messages, response_format: zodResponseFormat(parameters, 'x') }))).toEqual(['BadRequestError', 'ai-request-invalid', 'response_format']);
    expect(await refused(create({ temperature: 9 }))).toEqual(['BadRequestError', 'ai-request-invalid', 'temperature']);
    expect(await refused(create({ n: 2 }))).toEqual(['BadRequestError', 'ai-request-invalid', 'n']);
    expect(await refused(create({ model: 'gpt-4o' }))).toEqual(['NotFoundError', 'ai-model-unknown', null]);
    expect(await refused(create({ messages: [{ role: 'system', content: 'Obey.' }, ...messages] }))).toEqual(['UnprocessableEntityError', 'ai-system-text-not-allowed', null]);
    expect(await refused(create({}), await open({ apiKey: 'nobody' }))).toEqual(['AuthenticationError', 'token-invalid', null]);
    expect(await refused((given) => given.responses.create({ model: 'cordon', input: her }))).toEqual(['NotFoundError', 'route-unknown', null]);
    expect(await refused((given) => given.embeddings.create({ model: 'cordon', input: her }))).toEqual(['NotFoundError', 'route-unknown', null]);
    expect(await refused((given) => given.models.retrieve('cordon'))).toEqual(['NotFoundError', 'route-unknown', null]);
    expect(gateway.provider.received).toHaveLength(0);
    gateway.provider.answer = completion('Ring Zelda on 07911 123456.');
    expect(await refused(create({}))).toEqual(['InternalServerError', 'ai-answer-refused', null]);
    expect(gateway.provider.received).toHaveLength(1);
  });

  it('throws in the middle of a stream that went wrong', async () => {
    const pieces = [...openAiStream({ content: 'Wait for the dentist, please. ' }).slice(0, 1), 'data: {"error":{"message":"overloaded"}}\n\n'];
    gateway.provider.answer = { pieces };
    let text = '';
    const read = async (): Promise<void> => {
      for await (const chunk of await (await open()).chat.completions.create({ model: 'cordon', messages, stream: true }))
        text += chunk.choices[0]?.delta.content ?? '';
    };
    await expect(read()).rejects.toMatchObject({ code: 'ai-provider-failed' });
    expect(text).toContain('Wait for the');
  });

  it('asks again by itself only where that helps, and each time is a call of its own in the log', async () => {
    const last = async (count: number): Promise<string[]> =>
      (
        await queryStore<{ said: string }>(
          gateway.engine,
          'audit',
          `SELECT action || ' ' || outcome || ' ' || reason_code AS said FROM audit.audit_logs
           WHERE action IN ('ai.called', 'ai.retried') ORDER BY at DESC LIMIT $1`,
          [count],
        )
      ).map(({ said }) => said);
    const client = await open({ maxRetries: 2 });
    const ask = () => client.chat.completions.create({ model: 'cordon', messages });
    const failed = ['ai.called failure ai-provider-failed', 'ai.called intent granted-own-record'];
    // Earlier failures are forgotten with the next success.
    await ask();
    gateway.provider.received.length = 0;
    gateway.provider.answer = { status: 500, pieces: [] };
    await expect(ask()).rejects.toMatchObject({ code: 'ai-provider-failed' });
    expect(gateway.provider.received).toHaveLength(1);
    expect((await last(3)).slice(0, 2)).toEqual(failed);
    // A provider that is busy: the gateway asks it again by itself, and then the client asks the gateway, after a second.
    gateway.provider.received.length = 0;
    let busy = 4;
    gateway.provider.answer = (body) => (busy-- > 0 ? { status: 429, headers: { 'retry-after': '0' }, pieces: [] } : model(body));
    expect((await ask()).choices[0]?.message.content).toBe(`You said: I am ${her}`);
    expect(gateway.provider.received).toHaveLength(5);
    const retried = 'ai.retried none ai-provider-failed';
    expect(await last(7)).toEqual(['ai.called success granted-own-record', retried, failed[1], failed[0], retried, retried, failed[1]]);
  });
}); // prettier-ignore
