import { beforeAll, describe, expect, it } from 'vitest';
import type { Gateway, PreparedCall } from '../index.ts';
import { newContext, openExampleGateway, prepareWhole, triageCall } from '../testing/example-gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openExampleGateway();
});

const prepare = (...messages: unknown[]): PreparedCall =>
  prepareWhole(gateway, triageCall({ model: 'any', messages }), newContext());
const user = (content: unknown): unknown => ({ role: 'user', content });
const assistant = (content: string): unknown => ({ role: 'assistant', content });
const parts = (...texts: string[]): unknown => user(texts.map((text) => ({ type: 'text', text })));
const call = (args: unknown): unknown => ({
  role: 'assistant',
  tool_calls: [{ id: 'a', type: 'function', function: { name: 'look_up', arguments: JSON.stringify(args) } }],
});
const result = (content: unknown): unknown => ({
  role: 'tool',
  tool_call_id: 'a',
  content: JSON.stringify(content),
});

/** Each identifier once in two or more pieces; no piece of it may leave. */
describe('an identifier in pieces', () => {
  it.each<readonly [string, readonly unknown[], RegExp]>([
    ['a number in two parts of a message', [parts('ring me on 0770', '0 900123')], /0770|900123/u],
    ['a name in two parts of a message', [parts('I am Am', 'ira, hello')], /I am Am|ira, hello/u],
    ['a number in two messages', [user('my number is 0113 4'), user('96 0123')], /0113|96 0123/u],
    ['a number in two turns', [user('it is 0113 496'), assistant('Go on, I have 7 digits.'), user('0123')], /0113|496|0123/u],
    ['a date in two turns', [user('born 17/03/'), assistant('Go on.'), user('1991')], /17|1991/u],
    ['a number in the arguments of a tool', [user('hi'), call({ area: '0113', rest: '496 0123' })], /0113|496/u],
    ['a number in a list', [user('hi'), call({ number: ['0113', '496', '0123'] })], /0113|496/u],
    ['a number in arguments and result', [user('hi'), call({ code: '0113 496' }), result({ value: '0123' })], /0113|496|0123/u],
    ['a card number in two parts', [parts('4111 1111', '1111 1111')], /1111/u],
    ['a card number in two turns', [user('4111 1111 11'), assistant('8 more?'), user('11 1111')], /11/u],
    ['a password behind its word', [user('my password is'), user('hunter2!')], /hunter2/u],
  ])('does not leave: %s', (_what, messages, piece) => {
    expect(JSON.stringify(prepare(...messages).messages)).not.toMatch(piece);
  }); // prettier-ignore

  it('comes back piece by piece', () => {
    const prepared = prepare(user('my number is 0113 4'), user('96 0123'));
    const sent = prepared.messages.map(({ content }) => (typeof content === 'string' ? content : ''));
    const answer = prepared.openAnswer('text');
    expect(answer.push(sent.join(' then ')) + answer.finish()).toBe('my number is 0113 4 then 96 0123');
  });

  it('has the same stand-ins in the next turn, with the whole history', () => {
    const context = newContext();
    const sendTurns = (...messages: unknown[]): unknown[] =>
      [...prepareWhole(gateway, triageCall({ model: 'any', messages }), context).messages];
    const first = sendTurns(user('ring 0113 4'), user('96 0123'));
    const second = sendTurns(user('ring 0113 4'), user('96 0123'), assistant('Thank you.'), user('When?'));
    expect(second.slice(0, 2)).toEqual(first);
  }); // prettier-ignore
});

it('two turns that have nothing to do with each other stay as they are', () => {
  const texts = ['It has hurt for 3 days.', '2 of them at night.', 'No fever so far', '12 hours after the meal it began'];
  expect(prepare(...texts.map(user)).messages.map(({ content }) => content)).toEqual(texts);
}); // prettier-ignore
