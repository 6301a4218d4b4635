import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AiProvider } from '@cordon/access-policy';
import { AiGatewayError } from '@cordon/ai-gateway';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mayBeAt } from './address-guard.ts';
import { openProviders, type ModelEvent } from './index.ts';
import type { ModelRequest } from './provider.ts';
import { openAiStream, openProtocolServer, type ProtocolServer } from './testing/protocol-server.ts';

let server: ProtocolServer;
const keysFolder = mkdtempSync(join(tmpdir(), 'cordon-keys-'));
const find = openProviders({ production: false, keysFolder, agreements: '/nowhere', authority: undefined });
beforeAll(async () => {
  server = await openProtocolServer();
  writeFileSync(join(keysFolder, 'model.key'), 'sk-test-0123456789\n', { mode: 0o600 });
});
beforeEach(() => {
  server.received.length = 0;
  server.answer = { pieces: [] };
});
afterAll(async () => {
  rmSync(keysFolder, { recursive: true });
  await server.close();
});

const providerOf = (change: Partial<AiProvider> = {}): AiProvider => ({
  id: 'provider.test',
  description: 'A test.',
  kind: 'local',
  baseUrl: `${server.url}/v1`,
  region: 'region.uk',
  model: 'model-1',
  allowedPurposes: [],
  credentialReference: 'model.key',
  ...change,
});
const tool = {
  type: 'function',
  function: { name: 'book', description: 'd', parameters: { type: 'object' } },
} as const;
const prepared = (stream: boolean): ModelRequest['prepared'] => ({
  systemText: 'Be brief.',
  messages: [
    { role: 'user', content: 'hello' },
    { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 'book', arguments: '{"a":1}' } }] },
    { role: 'tool', tool_call_id: 'c1', content: 'done' },
  ],
  tools: [tool],
  options: { stream, temperature: 0.5, top_p: undefined, max_tokens: 50, tool_choice: undefined },
}); // prettier-ignore

async function ask(provider: AiProvider, stream = false, signal = new AbortController().signal): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  const model = find(provider);
  for await (const event of model.ask({ provider, purposeId: 'p', prepared: prepared(stream), beforeAgain: () => Promise.resolve() }, signal))
    events.push(event);
  return events;
} // prettier-ignore

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'answered';
  } catch (error) {
    return error instanceof AiGatewayError ? error.code : String(error);
  }
}

describe('a provider that speaks OpenAI’s protocol', () => {
  it('receives these bytes and no others', async () => {
    server.answer = {
      pieces: [JSON.stringify({ choices: [{ message: { content: 'hi' }, finish_reason: 'stop' }], usage: { prompt_tokens: 7, completion_tokens: 3 } })],
    }; // prettier-ignore
    expect(await ask(providerOf())).toEqual([
      { type: 'text', text: 'hi', last: true },
      { type: 'end', reason: 'stop', usage: { input: 7, output: 3 } },
    ]);
    const [sent] = server.received;
    expect(sent?.line).toBe('POST /v1/chat/completions');
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      model: 'model-1',
      messages: [{ role: 'system', content: 'Be brief.' }, ...prepared(false).messages],
      tools: [tool],
      tool_choice: 'auto',
      temperature: 0.5,
      max_tokens: 50,
      stream: false,
    });
    expect(Object.keys(sent?.headers ?? {}).sort()).toEqual(['accept', 'authorization', 'connection', 'content-length', 'content-type', 'host']); // prettier-ignore
    expect(sent?.headers.authorization).toBe('Bearer sk-test-0123456789');
  });

  it('is read in a stream however it is cut, tools included', async () => {
    const whole = openAiStream(
      { content: 'grüß ' },
      { content: 'dich' },
      { tool_calls: [{ index: 0, id: 'c2', function: { name: 'book', arguments: '{"da' } }] },
      { tool_calls: [{ index: 0, function: { arguments: 'y":1}' } }] },
    ).join('');
    server.answer = { headers: { 'content-type': 'text/event-stream' }, pieces: Array.from(whole) };
    const events = await ask(providerOf(), true);
    expect(events.flatMap((event) => (event.type === 'text' ? event.text : [])).join('')).toBe('grüß dich');
    expect(events.flatMap((event) => (event.type === 'tool' ? event.arguments : [])).join('')).toBe('{"day":1}');
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'stop', usage: { input: 7, output: 3 } });
    expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it('is reached as Azure has it', async () => {
    server.answer = { pieces: [JSON.stringify({ choices: [{ message: { content: 'hi' } }] })] };
    await ask(providerOf({ api: 'azure', baseUrl: server.url, apiVersion: '2024-10-21' }));
    expect(server.received[0]?.line).toBe('POST /openai/deployments/model-1/chat/completions?api-version=2024-10-21');
    expect(server.received[0]?.headers).toMatchObject({ 'api-key': 'sk-test-0123456789' });
    expect(server.received[0]?.headers.authorization).toBeUndefined();
  });
}); // prettier-ignore

describe('a provider that speaks Anthropic’s protocol', () => {
  const anthropic = () => providerOf({ api: 'anthropic', baseUrl: server.url });
  const line = (type: string, more: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

  it('receives these bytes, and is read back', async () => {
    server.answer = {
      pieces: [
        line('message_start', { message: { usage: { input_tokens: 9 } } }),
        line('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
        line('ping', {}),
        line('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'hi' } }),
        line('something_new', { index: 0 }),
        line('content_block_start', {
          index: 1,
          content_block: { type: 'tool_use', id: 't1', name: 'book' },
        }),
        line('content_block_delta', { index: 1, delta: { type: 'input_json_delta', partial_json: '{}' } }),
        line('message_delta', { delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 4 } }),
        line('message_stop', {}),
      ],
    };
    expect(await ask(anthropic(), true)).toEqual([
      { type: 'text', text: 'hi' },
      { type: 'tool', index: 0, id: 't1', name: 'book', arguments: '' },
      { type: 'tool', index: 0, arguments: '{}' },
      { type: 'end', reason: 'tool_calls', usage: { input: 9, output: 4 } },
    ]);
    const [sent] = server.received;
    expect(sent?.line).toBe('POST /v1/messages');
    expect(sent?.headers).toMatchObject({
      'x-api-key': 'sk-test-0123456789',
      'anthropic-version': '2023-06-01',
    });
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      model: 'model-1',
      system: 'Be brief.',
      max_tokens: 50,
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'hello' }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'book', input: { a: 1 } }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'done' }] },
      ],
      tools: [{ name: 'book', description: 'd', input_schema: { type: 'object' } }],
      tool_choice: { type: 'auto' },
      temperature: 0.5,
      stream: true,
    });
  });

  it('that stops in the middle has not answered', async () => {
    server.answer = { pieces: [line('message_start', { message: { usage: {} } })] };
    expect(await codeOf(ask(anthropic(), true))).toBe('ai-provider-failed');
    server.answer = { pieces: [line('error', { error: {} })] };
    expect(await codeOf(ask(anthropic(), true))).toBe('ai-provider-failed');
  });
});

describe('an answer is none', () => {
  it.each([
    ['that points elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:1/' }, pieces: [] }],
    ['that refuses', { status: 401, pieces: ['{}'] }],
    ['that is no JSON', { pieces: ['<html>'] }],
    ['of another form', { pieces: ['{"choices":[{"message":{"content":5}}]}'] }],
    ['without content', { pieces: ['{"choices":[]}'] }],
    ['beyond every size', { pieces: ['x'.repeat(5_000_000)] }],
  ])('%s', async (_what, given) => {
    server.answer = given;
    expect(await codeOf(ask(providerOf()))).toBe('ai-provider-failed');
    expect(server.received).toHaveLength(1);
  });

  it('whose stream was cut off', async () => {
    server.answer = { pieces: openAiStream({ content: 'hi' }).slice(0, 1) };
    expect(await codeOf(ask(providerOf(), true))).toBe('ai-provider-failed');
  });

  it('and the connection ends with who asked', async () => {
    server.answer = { pieces: openAiStream({ content: 'hi' }).slice(0, 1), hangs: true };
    const gone = new AbortController();
    const asked = codeOf(ask(providerOf(), true, gone.signal));
    await expect.poll(() => server.received.length).toBe(1);
    gone.abort();
    expect(await asked).toMatch(/abort/i);
    await expect.poll(() => server.broken()).toBeGreaterThan(0);
  });
});

describe('nothing is sent', () => {
  it.each([
    ['to a remote provider in the clear', { kind: 'remote' }],
    ['to a remote provider on this network', { kind: 'remote', baseUrl: 'https://127.0.0.1/v1' }],
    [
      'to a remote provider whose name means this machine',
      { kind: 'remote', baseUrl: 'https://localhost/v1' },
    ],
    ['to a local provider on the Internet', { baseUrl: 'http://93.184.215.14/v1' }],
    ['to where clouds keep credentials', { baseUrl: 'http://169.254.169.254/v1' }],
    ['with credentials in the address', { baseUrl: 'http://user:pass@127.0.0.1/v1' }],
    ['with a key that is not there', { credentialReference: 'other.key' }],
    ['with a key outside its folder', { credentialReference: '../model.key' }],
  ] satisfies [string, Partial<AiProvider>][])('%s', async (_what, change) => {
    expect(await codeOf(ask(providerOf(change)))).toBe('ai-provider-unavailable');
    expect(server.received).toHaveLength(0);
  });

  it('with a key that everybody reads', async () => {
    const path = join(keysFolder, 'open.key');
    writeFileSync(path, 'sk-test-0123456789');
    chmodSync(path, 0o644);
    expect(await codeOf(ask(providerOf({ credentialReference: 'open.key' })))).toBe(
      'ai-provider-unavailable',
    );
  });

  it('in production without an agreement in force', async () => {
    const agreements = join(keysFolder, 'BAA.md');
    const production = openProviders({ production: true, keysFolder, agreements, authority: undefined });
    const remote = providerOf({ kind: 'remote', processingAgreementReference: 'Model House' });
    const table = (signed: string): string =>
      `| vendor | service | signed by both parties | signed on | expires | document hash |\n|---|---|---|---|---|---|\n| Model House | models | ${signed} | 2020-01-01 | 2999-01-01 | ${'a'.repeat(64)} |\n`;
    expect(await codeOf(Promise.resolve().then(() => production(remote)))).toBe('ai-provider-unavailable');
    writeFileSync(agreements, table('no'));
    expect(await codeOf(Promise.resolve().then(() => production(remote)))).toBe('ai-provider-unavailable');
    writeFileSync(agreements, table('yes'));
    expect(await codeOf(Promise.resolve().then(() => production(remote)))).toBe('answered');
    const { processingAgreementReference: _none, ...unnamed } = remote;
    expect(await codeOf(Promise.resolve().then(() => production(unnamed)))).toBe('ai-provider-unavailable');
    expect(await codeOf(Promise.resolve().then(() => production(providerOf())))).toBe('answered');
  });
});

it.each([
  ['local', '127.0.0.1', true], ['local', '10.1.2.3', true], ['local', 'fd00::1', true], ['local', '8.8.8.8', false],
  ['local', '169.254.169.254', false], ['remote', '8.8.8.8', true], ['remote', '2606:4700::1', true],
  ['remote', '::ffff:127.0.0.1', false], ['remote', '100.64.0.1', false], ['remote', '64:ff9b::7f00:1', false], ['remote', 'name', false],
] as const)('a %s provider at %s: %s', (kind, address, allowed) => {
  expect(mayBeAt(kind, address)).toBe(allowed);
}); // prettier-ignore
