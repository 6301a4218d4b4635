import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ModelEvent } from './index.ts';
import { askProvider, textOf } from './testing/ask-provider.ts';
import { openProtocolServer, type ProtocolServer } from './testing/protocol-server.ts';

let server: ProtocolServer;
beforeAll(async () => {
  server = await openProtocolServer();
});
beforeEach(() => {
  server.received.length = 0;
});
afterAll(() => server.close());

type Api = 'openai' | 'anthropic';

function ask(api: Api, ...pieces: string[]): Promise<ModelEvent[]> {
  server.answer = { headers: { 'content-type': 'text/event-stream' }, pieces };
  return askProvider({ provider: { api, baseUrl: server.url } });
}

const delta = (content: string, more: object = {}): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, ...more }] })}\n\n`;
const ended = (reason: string): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: reason }] })}\n\n`;
const done = 'data: [DONE]\n\n';

const event = (type: string, more: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const begun =
  event('message_start', { message: { usage: { input_tokens: 1, output_tokens: 1 } } }) +
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
const said = (text: string): string =>
  event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
const stopped = (stop_reason: string): string =>
  event('message_delta', { delta: { stop_reason }, usage: { output_tokens: 2 } }) + event('message_stop');

describe('a stream of OpenAI’s protocol', () => {
  it.each<[string, string[]]>([
    ['with two ends', [delta('All is well.'), ended('stop'), done, done]],
    ['with words behind its end', [delta('All is well.'), ended('stop'), done, delta('And more.')]],
    ['with nonsense behind its end', [delta('All is well.'), done, 'data: {\n\n']],
    ['without the last blank line', [delta('All is well.'), ended('stop'), 'data: [DONE]']],
    ['with comments that keep it alive', [': ping\n\n', delta('All is '), ': ping\n\n', delta('well.'), ended('stop'), done]],
    ['with line ends of another kind', [(delta('All is well.') + ended('stop') + done).replaceAll('\n', '\r\n')]],
    ['with an event in several lines', ['data: {"choices":[{"delta":\ndata: {"content":"All is well."}}]}\n\n', ended('stop')]],
    ['with a choice that is empty', ['data: {"choices":[],"prompt_filter_results":[]}\n\n', delta('All is well.'), ended('stop')]],
    ['with an error that is none', [delta('All is well.').replace('{"choices"', '{"error":null,"choices"'), ended('stop')]],
    ['that declines in a member of its own', ['data: {"choices":[{"delta":{"refusal":"All is well."}}]}\n\n', ended('stop'), done]],
  ])('%s is read to its end', async (_what, pieces) => {
    const events = await ask('openai', ...pieces);
    expect(textOf(events)).toBe('All is well.');
    expect(events.filter(({ type }) => type === 'end')).toEqual([{ type: 'end', reason: 'stop', usage: null }]);
    expect(events.at(-1)?.type).toBe('end');
  });

  it.each<[string, string[]]>([
    ['with an error in it', [delta('All'), 'data: {"error":{"message":"overloaded","type":"server_error"}}\n\n', done]],
    ['with an error beside a choice', [delta('All'), delta('', { finish_reason: 'stop' }).replace('{"choices"', '{"error":{"code":502},"choices"'), done]],
    ['that ends with an error', [delta('All'), ended('error'), done]],
    ['that was given up', [delta('All'), ended('abort'), done]],
    ['that ends for a reason that objects inherit', [delta('All'), ended('constructor'), done]],
    ['with a second choice beside the first', ['data: {"choices":[{"index":0,"delta":{"content":"a"}},{"index":1,"delta":{"content":"b"}}]}\n\n', done]],
    ['with a second choice after the first', [delta('All'), 'data: {"choices":[{"index":1,"delta":{"content":"b"}}]}\n\n', ended('stop'), done]],
    ['with an event that is no JSON', [delta('All'), 'data: {"choices"\n\n', done]],
    ['whose words are no text', ['data: {"choices":[{"delta":{"content":["All"]}}]}\n\n', done]],
    ['without any event', ['<html>All is well.</html>']],
    ['of comments alone', [': ping\n\n'.repeat(10)]],
    ['cut off behind its words', [delta('All is well.')]],
    ['cut off inside an event', [delta('All is well.'), ended('stop').slice(0, -10)]],
  ])('%s is no answer', async (_what, pieces) => {
    await expect(ask('openai', ...pieces)).rejects.toMatchObject({ code: 'ai-provider-failed' });
    expect(server.received).toHaveLength(1);
  });
}); // prettier-ignore

describe('a stream of Anthropic’s protocol', () => {
  it.each<[string, string[], string?]>([
    ['with pings', [event('ping'), begun, event('ping'), said('All is well.'), event('ping'), stopped('end_turn')]],
    ['with events that nobody knows', [begun, event('content_block_sparkle', { index: 'x', delta: 5 }), said('All is well.'), stopped('end_turn')]],
    ['with thoughts, which are not handed on', [begun, event('content_block_start', { index: 1, content_block: { type: 'thinking', thinking: '' } }), event('content_block_delta', { index: 1, delta: { type: 'thinking_delta', thinking: 'hm' } }), event('content_block_delta', { index: 1, delta: { type: 'signature_delta', signature: 'x' } }), said('All is well.'), stopped('end_turn')]],
    ['with line ends of another kind', [(begun + said('All is well.') + stopped('end_turn')).replaceAll('\n', '\r')]],
    ['without names of events', [(begun + said('All is well.') + stopped('end_turn')).replaceAll(/^event: .*\n/gm, '')]],
    ['with words behind its end', [begun, said('All is well.'), stopped('end_turn'), said('And more.'), stopped('end_turn')]],
    ['that grew too long', [begun, said('All is well.'), stopped('model_context_window_exceeded')], 'length'],
    ['that the model declined', [begun, said('All is well.'), stopped('refusal')], 'content_filter'],
  ])('%s is read to its end', async (_what, pieces, reason = 'stop') => {
    const events = await ask('anthropic', ...pieces);
    expect(textOf(events)).toBe('All is well.');
    expect(events.filter(({ type }) => type === 'end')).toEqual([{ type: 'end', reason, usage: { input: 1, output: 2 } }]);
  });

  it('says nothing of its use where the provider did not', async () => {
    const pieces = [event('message_start', { message: { usage: {} } }), event('message_stop')];
    expect(await ask('anthropic', ...pieces)).toEqual([{ type: 'end', reason: 'stop', usage: null }]);
  });

  it.each<[string, string[]]>([
    ['with an error in it', [begun, said('All'), event('error', { error: { type: 'overloaded_error' } }), stopped('end_turn')]],
    ['with an error at its beginning', [event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } })]],
    ['with a known event of another form, whose words would be lost', [begun, said('All is '), event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: ['not '] } }), said('well.'), stopped('end_turn')]],
    ['with a use below nothing', [event('message_start', { message: { usage: { input_tokens: -5 } } }), said('All'), stopped('end_turn')]],
    ['that ends for a reason that nobody knows', [begun, said('All'), stopped('overloaded')]],
    ['that ends for a reason that objects inherit', [begun, said('All'), stopped('constructor')]],
    ['with a tool that begins twice', [begun, ...[1, 1].map((index) => event('content_block_start', { index, content_block: { type: 'tool_use', id: 'a', name: 'book' } })), stopped('tool_use')]],
    ['with an event that is no object', [begun, 'data: 5\n\n', stopped('end_turn')]],
    ['with an event that is no JSON', [begun, 'data: {\n\n', stopped('end_turn')]],
    ['cut off before its last event', [begun, said('All is well.'), stopped('end_turn').slice(0, -2)]],
  ])('%s is no answer', async (_what, pieces) => {
    await expect(ask('anthropic', ...pieces)).rejects.toMatchObject({ code: 'ai-provider-failed' });
    expect(server.received).toHaveLength(1);
  });
}); // prettier-ignore

describe.each<Api>(['openai', 'anthropic'])('a stream of %s that never ends', (api) => {
  it.each([
    ['in comments', ': ping\n\n'],
    ['in words', api === 'openai' ? delta('on and ') : said('on and ')],
  ])('%s is ended at its size', async (_what, piece) => {
    server.answer = {
      pieces: [api === 'openai' ? '' : begun, piece.repeat(2_000)],
      hangs: true,
      endless: true,
    };
    const limits = { firstByteMs: 20_000, idleMs: 20_000, wholeMs: 60_000, mostBytes: 500_000 };
    const brokenBefore = server.broken();
    await expect(
      askProvider({ provider: { api, baseUrl: server.url }, settings: { limits } }),
    ).rejects.toMatchObject({ code: 'ai-provider-failed', detail: 'the answer is too large' });
    await expect.poll(() => server.broken()).toBe(brokenBefore + 1);
  });
});
