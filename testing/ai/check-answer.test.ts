import { beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../packages/ai-gateway/index.ts';
import {
  newContext,
  openExampleGateway,
  prepareWhole,
  triageCall,
} from '../../packages/ai-gateway/testing/example-gateway.ts';
import type { AnswerEvent } from '../../apps/engine/src/features/ai-gateway/call.ts';
import { checkAnswer } from '../../apps/engine/src/features/ai-gateway/check-answer.ts';
import type { ModelEvent } from '../../apps/engine/src/features/ai-gateway/providers/index.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openExampleGateway();
});

const offered = ['book', 'look'].map((name) => ({ type: 'function', function: { name } }));

/** What the caller gets of an answer to somebody who named herself, with the placeholder that stands for her. */
async function check(answer: (her: string) => ModelEvent[]): Promise<AnswerEvent[]> {
  const messages = [{ role: 'user', content: 'Amira Holloway' }];
  const prepared = prepareWhole(
    gateway,
    triageCall({ model: 'any', messages, tools: offered }),
    newContext(),
  );
  const [message] = prepared.messages;
  const her = typeof message?.content === 'string' ? message.content : '';
  async function* say(): AsyncGenerator<ModelEvent> {
    await Promise.resolve();
    yield* answer(her);
    yield { type: 'end', reason: 'tool_calls', usage: null };
  }
  const events: AnswerEvent[] = [];
  const asked = { id: '0b0e0000-0000-4000-8000-00000000000a' };
  for await (const event of checkAnswer({ asked, prepared }, say()).events) events.push(event);
  return events;
}

it('text behind the end of the text is no answer', async () => {
  const last: ModelEvent = { type: 'text', text: 'All is well.', last: true };
  expect(await check(() => [last])).toContainEqual({ type: 'text', text: 'All is well.' });
  await expect(check((her) => [last, { type: 'text', text: her }])).rejects.toMatchObject({ code: 'ai-provider-failed' });
}); // prettier-ignore

type Tool = Extract<ModelEvent, { type: 'tool' }>;
const tool = (given: Partial<Tool>): Tool => ({ type: 'tool', index: 0, arguments: '', ...given });
/** A call in pieces of one character. */
const call = (text: string, given: Partial<Tool> = {}): Tool[] => [
  tool({ id: 'x', name: 'book', ...given }),
  ...Array.from(text, (letter) => tool({ ...given, arguments: letter })),
];

/** As OpenAI's clients put pieces together: by their number, and a later name or id instead of the first. */
function join(events: readonly AnswerEvent[]): { id: string; name: string; arguments: string }[] {
  const calls: { id: string; name: string; arguments: string }[] = [];
  for (const event of events) {
    if (event.type !== 'tool') continue;
    const known = (calls[event.index] ??= { id: '', name: '', arguments: '' });
    if (event.id !== undefined) known.id = event.id;
    if (event.name !== undefined) known.name = event.name;
    known.arguments += event.arguments;
  }
  return calls;
}

const codeOf = (answer: (her: string) => ModelEvent[]): Promise<unknown> =>
  check(answer).then(() => 'answered', (error: unknown) => (error as { code?: unknown }).code); // prettier-ignore

describe('a tool that a model calls', () => {
  it('gets the caller’s own words, an id of the gateway and a number of its own', async () => {
    const calls = join(
      await check((her) => [
        ...call(`{"who":"${her}"}`, { index: 7, id: 'ring 07911 123456' }),
        ...call('', { index: 3, id: 'b', name: 'look' }),
      ]),
    );
    expect(calls).toEqual([
      { id: 'call_0b0e000000004000800000000000000a_1', name: 'book', arguments: '{"who":"Amira Holloway"}' },
      { id: 'call_0b0e000000004000800000000000000a_2', name: 'look', arguments: '{}' },
    ]);
  });

  it.each<[string, (her: string) => ModelEvent[]]>([
    ['was not offered', () => call('{}', { name: 'erase_all' })],
    ['has no name', () => [tool({ id: 'x', arguments: '{}' })],],
    ['gets its name too late', () => [tool({ id: 'x' }), tool({ name: 'book', arguments: '{}' })]],
    ['is offered under another case', () => call('{}', { name: 'Book' })],
    ['changes its name to another’s', () => [...call('{}'), tool({ name: 'erase_all' })]],
    ['changes its name to one that was offered', () => [...call('{}'), tool({ name: 'look' })]],
    ['rings a stranger', () => call('{"number":"07911 123456"}')],
    ['rings a stranger whose number is no text', () => call('{"number":447911123456}')],
    ['rings a stranger behind escapes', () => call(String.raw`{"number":"\u0030\u0037\u0039\u0031\u0031 \u0031\u0032\u0033\u0034\u0035\u0036"}`)],
    ['writes to a stranger behind an escape', () => call(String.raw`{"to":"jo\u0040example.org"}`)],
    ['rings a stranger over three lines', () => call(String.raw`{"number":"0791\n112\n3456"}`)],
    ['pays with a card whose number stands in four lines', () => call(String.raw`{"card":"4111\n1111\n1111\n1111"}`)],
    ['pays with a card whose number is parted by what JSON escapes', () => call(String.raw`{"card":"4111\"1111\"1111\"1111"}`)],
    ['names who it was not told of, behind an escape', () => call(String.raw`{"note":"12 Orchard\u0020Lane"}`)],
  ])('and that %s is withheld', async (_what, answer) => {
    expect(await codeOf(answer)).toBe('ai-answer-refused');
  }); // prettier-ignore

  it.each<[string, (her: string) => ModelEvent[]]>([
    ['are no JSON', () => call('book it')],
    ['are cut off', () => call('{"who":"')],
    ['are cut off in an escape', () => call(String.raw`{"who":"\u00`)],
    ['have an escape of no form', () => call(String.raw`{"who":"\uZZZZ"}`)],
    ['are JSON twice', () => call('{}{}')],
    ['are nested without end', () => call(`${'['.repeat(100)}${']'.repeat(100)}`)],
    ['belong to two calls with one number', () => [...call('{}'), tool({ id: 'y', arguments: '{}' })]],
    ['have a name without quotes', (her) => call(`{"who":${her}}`)],
  ])('and whose arguments %s is no answer', async (_what, answer) => {
    expect(await codeOf(answer)).toBe('ai-provider-failed');
  }); // prettier-ignore

  it.each<[string, string, (her: string) => string]>([
    ['a card’s number', '{"card":"[REDACTED-PAN]"}', () => '{"card":"4111 1111 1111 1111"}'],
    ['a card’s number behind escapes', '{"card":"[REDACTED-PAN]"}', () => String.raw`{"card":"4111\u00a01111\u00a01111\u00a0\u0031111"}`],
    ['an address', '{"see":"[link removed]"}', () => '{"see":"https://evil.example/?q=1"}'],
    ['an address behind escapes', '{"see":"[link removed]"}', () => String.raw`{"see":"https:\/\/evil.example\/?q=1"}`],
    ['a placeholder behind escapes', '{"who":"Amira Holloway"}', (her) => `{"who":"${her.replaceAll('-', String.raw`\u002d`)}"}`],
    ['what JSON must escape', String.raw`{"say":"a \"b\" \\u0041 c\n"}`, () => String.raw`{"say":"a \"b\" \\u0041 \u0063\n"}`],
    ['letters of all kinds', '{"say":"grüß 🦷"}', () => String.raw`{"say":"gr\u00fc\u00df \ud83e\uddb7"}`],
  ])('has %s looked at: %s', async (_what, left, given) => {
    const whole = join(await check((her) => [tool({ id: 'x', name: 'book', arguments: given(her) })]));
    expect(whole[0]?.arguments).toBe(left);
    const pieces = join(await check((her) => call(given(her))));
    expect(pieces[0]?.arguments).toBe(left);
    expect(JSON.parse(left)).toBeTypeOf('object');
  }); // prettier-ignore
});
