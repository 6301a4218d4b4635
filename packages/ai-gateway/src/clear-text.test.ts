import { beforeAll, expect, it } from 'vitest';
import type { Gateway } from '../index.ts';
import { newContext, openExampleGateway, prepareWhole, triageCall } from '../testing/example-gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openExampleGateway();
});

const send = (content: string): unknown =>
  prepareWhole(gateway, triageCall({ model: 'any', messages: [{ role: 'user', content }] }), newContext())
    .messages[0]?.content;

it.each([
  ['null characters', '\u0000'],
  ['backspaces', '\b'],
  ['delete characters', '\u007f'],
  ['control characters of the second set', '\u0086'],
  ['a terminal’s colours', '\u001b[0m'],
  ['halves of characters', '\ud83d'],
  ['bytes that were no text', '\ufffd\ufffd'],
])('%s between its letters do not hide a name, and are not sent', (_what, sign) => {
  expect(send(`I am ${Array.from('Holloway').join(sign)}, hello`)).toMatch(/^I am person-[a-z]{8}, hello$/u);
  expect(send(`hello${sign} there`)).toBe('hello there');
});

it.each(['\v', '\f', '\u0085', '\u2028', '\r\n'])('a line that ends in %j ends like any other', (end) => {
  expect(send(`it hurts${end}since two days`)).toBe('it hurts\nsince two days');
});

it('an answer loses what a page would not show, and keeps its characters whole', () => {
  const { openAnswer } = prepareWhole(
    gateway,
    triageCall({ model: 'any', messages: [{ role: 'user', content: 'hello' }] }),
    newContext(),
  );
  const stream = openAnswer('text');
  const answer = 'Rinse\u0000 it\u202e well \ud83d\ude00.';
  const out = Array.from({ length: answer.length }, (_, at) => stream.push(answer.charAt(at))).join('');
  expect(out + stream.finish()).toBe('Rinse it well \ud83d\ude00.');
});
